using StarKV.Input;

namespace StarKV.Extensions.AI;

/// <summary>How a chat client answers where a call's <c>ChatOptions</c> say nothing, and how many conversations it keeps.</summary>
/// <remarks>Immutable, so thread-safe.</remarks>
public sealed record StarKvChatOptions
{
    /// <value>
    /// Method, budget, prompt style, protected tokens and lengths of every answer; where rows are kept and the windows concern
    /// conversations alone. Its past actions must be empty. Default <see cref="SessionOptions"/>' own: star-kv at 20 %, lossless.
    /// </value>
    public SessionOptions Answers { get; init; } = new();

    /// <value>Most conversations that are open at the same time, 1 or more; default 64. A further one is refused.</value>
    public int MaxConversations { get; init; } = 64;

    /// <value>Time without a step after which a conversation is closed, above 0 and at most 40 days; default 30 minutes.</value>
    public TimeSpan ConversationIdleTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <value>What a screenshot may be at most; default <see cref="ImageLimits.Default"/>.</value>
    public ImageLimits Images { get; init; } = ImageLimits.Default;

    /// <summary>The longest idle time, which a timer can still wait for.</summary>
    internal static TimeSpan LongestIdleTime { get; } = TimeSpan.FromDays(40);

    /// <summary>Returns these options when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    internal StarKvChatOptions Bounded()
    {
        Check(Answers is not null, nameof(Answers), "null", "set");
        Check(Images is not null, nameof(Images), "null", "set");
        Check(Answers!.PastActions.Count == 0, "Answers.PastActions", "not empty", "empty: earlier answers are messages");
        Check(MaxConversations >= 1, nameof(MaxConversations), MaxConversations, "1 or more");
        Check(
            ConversationIdleTime > TimeSpan.Zero && ConversationIdleTime <= LongestIdleTime, nameof(ConversationIdleTime),
            ConversationIdleTime, $"above 0 and at most {LongestIdleTime.Days} days");
        return this with { Answers = Answers.Bounded() };

        static void Check(bool holds, string name, object value, string bounds)
        {
            if (!holds)
                throw new StarKvException($"The chat client's {name} is {value}; it must be {bounds}.");
        }
    }
}
