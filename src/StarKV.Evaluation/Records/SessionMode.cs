using System.Globalization;
using StarKV.Files;
using StarKV.Score.Wrappers;
using StarKV.Sessions;

namespace StarKV.Evaluation.Records;

/// <summary>Of what a budget is a share when a task is given step by step.</summary>
public enum StepBudget
{
    /// <summary>Of the tokens that the conversation has at each step.</summary>
    Share,

    /// <summary>Of those that it has at its last step, from the first one on: a number of tokens that is fixed for the session.</summary>
    Final,
}

/// <summary>What no method may drop when a task is given step by step.</summary>
public enum StepProtection
{
    /// <summary>The instruction, as in a session without further options.</summary>
    Instruction,

    /// <summary>The instruction and the cache's own earlier answers.</summary>
    Answers,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>How a task is given step by step, as <c>lossless</c> or <c>evict:window=2:slide=exact</c>.</summary>
public sealed record SessionMode
{
    // Parts a method from its mode in the name of a cache; no method's text has it.
    private const char Mark = '@';

    private const string Reread = "reread";
    private const string WindowOption = "window", SlideOption = "slide", BudgetOption = "budget", ProtectOption = "protect";

    private static readonly string[] s_names = [Reread, .. Enum.GetValues<KvStorage>().Select(Word)];

    /// <value>Where the session's rows are; null (default) when there is none, and each step reads the whole conversation.</value>
    public KvStorage? Storage { get; init; }

    /// <value>Screenshots that the conversation holds at most, 1 or more; null (default) for all of them.</value>
    public int? Window { get; init; }

    /// <value>What becomes of the rest when a screenshot leaves the window; default <see cref="WindowSlide.Drop"/>.</value>
    public WindowSlide Slide { get; init; }

    /// <value>Of what budgets are shares.</value>
    public StepBudget Budget { get; init; }

    /// <value>What no method may drop.</value>
    public StepProtection Protect { get; init; }

    /// <value>True when every step reads the whole conversation.</value>
    public bool ReadsAgain => Storage is null;

    /// <summary>The mode in few words, where there is little room: <c>lossless drop 2</c>.</summary>
    public string Label
    {
        get
        {
            string?[] words =
            [
                Storage is { } storage ? Word(storage) : Reread,
                Window is { } window ? string.Create(CultureInfo.InvariantCulture, $"{Word(Slide)} {window}") : null,
                Budget == DefaultBudget(Storage) ? null : Word(Budget),
                Protect switch
                {
                    StepProtection.None => "unprotected",
                    StepProtection.Answers => "+ answers",
                    _ => null,
                },
            ];
            return string.Join(' ', words.OfType<string>());
        }
    }

    /// <summary>Reads a mode.</summary>
    /// <param name="text">
    /// <c>reread</c>, <c>lossless</c>, <c>store</c> or <c>evict</c>, and behind colons <c>window=N</c>, <c>slide=drop</c> (default) or
    /// <c>slide=exact</c>, <c>budget=share</c> (default but for evict) or <c>budget=final</c>, <c>protect=instruction</c> (default),
    /// <c>protect=answers</c> (those and the instruction) or <c>protect=none</c>.
    /// </param>
    /// <exception cref="StarKvException">It is not a mode.</exception>
    public static SessionMode Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, options) = (text.Split(':')[0], Options(text));
        var storage = name == Reread
            ? (KvStorage?)null
            : Choice<KvStorage>(name) ?? throw Wrong(text, $"there are {string.Join(", ", s_names)}.{Nearest.Hint(name, s_names)}");
        var mode = new SessionMode { Storage = storage, Budget = DefaultBudget(storage) };
        foreach (var (option, value) in options)
        {
            mode = option switch
            {
                WindowOption => mode with { Window = Number(text, value) },
                SlideOption => mode with { Slide = Choice<WindowSlide>(value) ?? throw Wrong(text, "slide is drop or exact.") },
                BudgetOption => mode with { Budget = Choice<StepBudget>(value) ?? throw Wrong(text, "budget is share or final.") },
                ProtectOption => mode with
                {
                    Protect = Choice<StepProtection>(value) ?? throw Wrong(text, "protect is instruction, answers or none."),
                },
                _ => throw Wrong(text, $"its options are {WindowOption}, {SlideOption}, {BudgetOption} and {ProtectOption}."),
            };
        }

        if (mode is { ReadsAgain: true, Window: not null })
            throw Wrong(text, "a window is for sessions; lossless:window=N:slide=exact reads the shortened conversation.");
        return mode.Window is null && options.ContainsKey(SlideOption) ? throw Wrong(text, "slide needs a window, as in window=2.") : mode;
    }

    /// <summary>Reads modes separated by commas; one that is named twice stands once.</summary>
    /// <param name="list">The list.</param>
    /// <exception cref="StarKvException">One of them is not a mode, or there is none.</exception>
    public static IReadOnlyList<SessionMode> ParseList(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var texts = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var modes = texts.Select(Parse).Distinct().ToList();
        return modes.Count > 0 ? modes : throw new StarKvException($"--sessions names no mode; there are {string.Join(", ", s_names)}.");
    }

    /// <summary>What tables and records call a method in this mode.</summary>
    /// <param name="method">The method as written.</param>
    public string NameOf(string method) => $"{method}{Mark}{this}";

    /// <summary>The method of a cache's name, which is the name itself where it has no mode.</summary>
    /// <param name="name">What <see cref="NameOf"/> gave, or a method as written.</param>
    public static string MethodOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split(Mark)[0];
    }

    /// <summary>The mode of a cache's name; null where it has none.</summary>
    /// <param name="name">What <see cref="NameOf"/> gave, or a method as written.</param>
    public static SessionMode? ModeOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split(Mark) is [_, var mode] ? Parse(mode) : null;
    }

    /// <summary>The prompt's tokens that no method may drop.</summary>
    internal ProtectedTokens ProtectedTokens => new()
    {
        Instruction = Protect != StepProtection.None,
        Answers = Protect == StepProtection.Answers,
    };

    /// <summary>The mode as it is written: what is not the default.</summary>
    public override string ToString()
    {
        var text = Storage is { } storage ? Word(storage) : Reread;
        if (Window is { } window)
            text = string.Create(CultureInfo.InvariantCulture, $"{text}:{WindowOption}={window}:{SlideOption}={Word(Slide)}");
        if (Budget != DefaultBudget(Storage))
            text = $"{text}:{BudgetOption}={Word(Budget)}";
        return Protect == StepProtection.Instruction ? text : $"{text}:{ProtectOption}={Word(Protect)}";
    }

    // A share of what was seen would squeeze the first screenshot hardest where nothing that goes comes back.
    private static StepBudget DefaultBudget(KvStorage? storage) => storage is KvStorage.Evict ? StepBudget.Final : StepBudget.Share;

    private static Dictionary<string, string> Options(string text)
    {
        var options = new Dictionary<string, string>();
        foreach (var part in text.Split(':')[1..])
        {
            if (part.Split('=') is not [var name, var value])
                throw Wrong(text, "options are of the form name=value.");
            if (!options.TryAdd(name, value))
                throw Wrong(text, $"{name} stands twice.");
        }

        return options;
    }

    private static int Number(string text, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? number
            : throw Wrong(text, "window is a number of screenshots, 1 or more.");

    private static T? Choice<T>(string word) where T : struct, Enum =>
        Enum.GetValues<T>().Where(v => Word(v) == word).Select(v => (T?)v).FirstOrDefault();

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static StarKvException Wrong(string text, string why) => new($"'{MessageText.Text(text)}' is not a mode of --sessions: {why}");
}
