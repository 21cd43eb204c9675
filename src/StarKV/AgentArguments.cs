using StarKV.Budget;
using StarKV.Compact;
using StarKV.Input;

namespace StarKV;

/// <summary>The arguments of an agent's methods: what is null is reported at once, before any work.</summary>
internal static class AgentArguments
{
    /// <summary>The screenshots as they are now, whatever the caller does to the list afterwards.</summary>
    /// <exception cref="ArgumentException">The list, or a screenshot in it, is null.</exception>
    public static IReadOnlyList<Screenshot> Copy(IReadOnlyList<Screenshot> screens)
    {
        ArgumentNullException.ThrowIfNull(screens);
        Screenshot[] copy = [.. screens];
        var missing = Array.IndexOf(copy, null);
        return missing < 0 ? copy : throw new ArgumentException($"Screenshot {missing + 1} of {copy.Length} is null.", nameof(screens));
    }

    /// <summary>Refuses a time limit that has passed before it begins.</summary>
    /// <exception cref="StarKvException">It is not above 0.</exception>
    public static void CheckTimeLimit(AnswerOptions options)
    {
        if (options.TimeLimit is { } limit && limit <= TimeSpan.Zero)
            throw new StarKvException($"The time limit is {limit}; it must be above 0, or null for none.");
    }

    /// <summary>Options without a null in them.</summary>
    /// <exception cref="ArgumentException">A value that must be set is null.</exception>
    public static T Checked<T>(T options) where T : AnswerOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        NotNull(options, options.PastActions, nameof(options.PastActions));
        NotNull(options, options.Generation, nameof(options.Generation));
        NotNull(options, options.Generation.StopStrings, "Generation.StopStrings");
        switch (options)
        {
            case GroundingOptions grounding:
                NotNull(options, grounding.Method, nameof(grounding.Method));
                break;
            case SessionOptions session:
                NotNull(options, session.Method, nameof(session.Method));
                NotNull(options, session.Protect, nameof(session.Protect));
                break;
            case ManyAnswersOptions many:
                NoneNull(options, many.Compressions, nameof(many.Compressions));
                break;
        }

        return options;
    }

    /// <summary>Refuses numbers that are out of their bounds, before anything is read.</summary>
    /// <exception cref="StarKvException">A budget is <c>default(KvBudget)</c>, or the time limit is not above 0.</exception>
    public static void CheckBounds(AnswerOptions options)
    {
        CheckBudgets(options);
        CheckTimeLimit(options);
    }

    private static void CheckBudgets(AnswerOptions options)
    {
        IEnumerable<KvBudget> budgets = options switch
        {
            GroundingOptions grounding => [grounding.Budget],
            SessionOptions session => [session.Budget],
            ManyAnswersOptions many => many.Compressions.Select(c => c.Budget),
            _ => [],
        };
        foreach (var budget in budgets)
            budget.ThrowIfUnset();
    }

    private static void NoneNull(AnswerOptions options, IReadOnlyList<Compression?>? compressions, string name)
    {
        NotNull(options, compressions, name);
        foreach (var compression in compressions!)
            NotNull(options, compression, name);
    }

    private static void NotNull(AnswerOptions options, object? value, string name)
    {
        if (value is null)
            throw new ArgumentException($"{name} is null, or holds a null.", nameof(options));
    }
}
