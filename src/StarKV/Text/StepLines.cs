namespace StarKV.Text;

/// <summary>
/// How a style writes steps that show nothing any more into its text: a line for each, in place of {steps}. These are the turns before the
/// first that has a screenshot or words of the user.
/// </summary>
/// <remarks>Source: the published programs of each model. A step keeps its number when earlier ones leave.</remarks>
internal sealed record StepLines
{
    /// <summary>The placeholder of the lines.</summary>
    public const string Placeholder = "steps";

    private const string CallStart = "<tool_call>", CallEnd = "</tool_call>";

    /// <value>The key under which a session is saved.</value>
    public required string Name { get; init; }

    /// <value>The number of the first step.</value>
    public required int First { get; init; }

    /// <value>What stands between two lines.</value>
    public required string Separator { get; init; }

    /// <value>What follows the last line.</value>
    public string End { get; init; } = "";

    /// <value>What stands in place of no lines.</value>
    public string None { get; init; } = "";

    /// <value>What of an answer is shown.</value>
    public required Func<string, string> Shown { get; init; }

    /// <summary>GUI-Owl-1.5: the sentence after <c>Action:</c>.</summary>
    public static StepLines GuiOwl { get; } = new()
    {
        Name = "gui-owl",
        First = 1,
        Separator = "\n",
        None = "None",
        Shown = Sentence,
    };

    /// <summary>UI-Venus-1.5: what was thought, and the call.</summary>
    public static StepLines UiVenus { get; } = new()
    {
        Name = "ui-venus",
        First = 0,
        Separator = "\n",
        Shown = answer => Between(answer, "<action>", "</action>") is { } call
            ? $"<think>{Between(answer, "<think>", "</think>")?.Trim('\n')}</think><action>{call.Trim('\n')}</action>"
            : answer,
    };

    /// <summary>Qwen3-VL: the call.</summary>
    public static StepLines Qwen3Vl { get; } = new()
    {
        Name = "qwen3vl",
        First = 1,
        Separator = "; ",
        End = "; ",
        Shown = answer => Between(answer, CallStart, CallEnd)?.Trim() ?? answer,
    };

    /// <summary>The lines of a name; null when there are none.</summary>
    public static StepLines? Named(string name) => new[] { GuiOwl, UiVenus, Qwen3Vl }.FirstOrDefault(lines => lines.Name == name);

    /// <summary>The lines of steps.</summary>
    /// <param name="steps">Place of each in the task, from 0, and the model's answer of then.</param>
    public string Write(IReadOnlyList<(int Place, string Answer)> steps) => steps.Count == 0
        ? None
        : string.Join(Separator, steps.Select(s => $"Step {First + s.Place}: {Shown(s.Answer)}")) + End;

    /// <summary>In one word, for logs and the debugger.</summary>
    public override string ToString() => Name;

    // Up to a second label, as the program divides it.
    private static string Sentence(string answer)
    {
        const string Label = "Action:";
        var parts = answer.Split(Label);
        return parts.Length > 1 && answer.Contains(CallStart, StringComparison.Ordinal) ? parts[1].Split(CallStart)[0].Trim() : answer;
    }

    private static string? Between(string text, string open, string close)
    {
        var start = text.IndexOf(open, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var rest = text[(start + open.Length)..];
        return rest.IndexOf(close, StringComparison.Ordinal) is var end and >= 0 ? rest[..end] : rest;
    }
}
