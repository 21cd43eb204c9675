using StarKV.Budget;
using StarKV.Text;

namespace StarKV.Extensions.AI.Services;

/// <summary>What a configuration's texts mean.</summary>
internal static class ServiceSettings
{
    /// <summary>How the client answers.</summary>
    /// <param name="options">The configuration.</param>
    /// <exception cref="StarKvException">A value is not accepted.</exception>
    public static StarKvChatOptions Chat(StarKvServiceOptions options) => new StarKvChatOptions
    {
        Answers = new SessionOptions
        {
            Method = OwnProperties.MethodOf(options.Method),
            Budget = KvBudget.Parse(options.Keep),
            Prompt = options.Prompt is null ? null : PromptStyle.Get(options.Prompt),
            Generation = new() { MaxNewTokens = options.MaxOutputTokens },
            Storage = options.Conversations.Storage,
            HostBytes = options.Conversations.HostBytes,
            FrameWindow = options.Conversations.FrameWindow,
            AnswerWindow = options.Conversations.AnswerWindow,
        },
        MaxConversations = options.Conversations.Most,
        ConversationIdleTime = options.Conversations.IdleTime,
    }.Bounded();

    /// <summary>Loads the agent.</summary>
    /// <param name="options">The configuration.</param>
    /// <exception cref="StarKvException">The model, the device or libtorch is not as it must be.</exception>
    public static GuiAgent Load(StarKvServiceOptions options) => GuiAgent.Load(
        options.Model, options.Device, options.DType, screenCacheBytes: options.ScreenCacheBytes, engine: options.Engine);
}
