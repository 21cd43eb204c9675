using System.Globalization;

namespace StarKV.Act;

/// <summary>One argument of a call, as written and as understood.</summary>
/// <param name="Name">The argument's name; empty for a positional value.</param>
/// <param name="Raw">The characters between the quotes, or of the bare word, with escapes untouched.</param>
/// <param name="Value">The same with escapes resolved by the rules of Python strings.</param>
public sealed record ActionArgument(string Name, string Raw, string Value)
{
    /// <summary>True when the value was between quotes.</summary>
    internal bool IsQuoted { get; init; }
}

/// <summary>One action that a model asks for. Nothing here executes it.</summary>
/// <param name="Name">The action in lower case with aliases resolved, such as <c>click</c>, <c>left_double</c>, <c>type</c>.</param>
public sealed record GuiAction(string Name)
{
    /// <summary>
    /// The tool that the call names, <c>computer_use</c> or <c>mobile_use</c>; null for other languages and where it names none.
    /// </summary>
    public string? Tool { get; init; }

    /// <summary>
    /// The action's name as written in a tool call or for UI-Venus, such as <c>left_click</c> or <c>LongPress</c>; else null.
    /// </summary>
    public string? WrittenName { get; init; }

    /// <summary>Where the action happens or a drag begins; null when absent or unreadable.</summary>
    public ActionBox? StartBox { get; init; }

    /// <summary>Where a drag ends; null when absent or unreadable.</summary>
    public ActionBox? EndBox { get; init; }

    /// <summary>The centre of <see cref="StartBox"/>.</summary>
    public ScreenPoint? Point => StartBox?.Center;

    /// <summary>Where a drag ends, as <see cref="Point"/> says it.</summary>
    public ScreenPoint? StartPoint => Point;

    /// <summary>The centre of <see cref="EndBox"/>.</summary>
    public ScreenPoint? EndPoint => EndBox?.Center;

    /// <summary>What to type, open, choose or report, escapes resolved; null when absent.</summary>
    public string? Text { get; init; }

    /// <summary><see cref="Text"/> as the model wrote it, escapes untouched: <c>C:\temp</c> survives here.</summary>
    public string? RawText { get; init; }

    /// <summary>True when typed text ends in a line feed, which asks for Enter afterwards.</summary>
    public bool Submits => Name == "type" && Text is [.., '\n'];

    /// <summary>
    /// The keys of <c>hotkey</c>, <c>press</c> and <c>release</c>, lower case, in order. Single characters of a list that pyautogui's
    /// <c>write</c> was given keep their case.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary><c>up</c>, <c>down</c>, <c>left</c> or <c>right</c> as written, lower case; null when absent.</summary>
    public string? Direction { get; init; }

    /// <summary>The number of <c>time</c> or <c>seconds</c>; its unit is the model's own. Null when absent.</summary>
    public double? Time { get; init; }

    /// <summary>How far to scroll, in the model's own unit: up above 0. Null when absent.</summary>
    public double? Amount { get; init; }

    /// <summary>The button of <c>system_button</c> as written, such as <c>Menu</c>; null when absent.</summary>
    public string? Button { get; init; }

    /// <summary>How a task ended, as written: <c>success</c> or <c>failure</c>; null when absent.</summary>
    public string? Status { get; init; }

    /// <summary>True when a point is outside 0–1.</summary>
    public bool IsOutsideScreen { get; init; }

    /// <summary>Every argument in the order written.</summary>
    public IReadOnlyList<ActionArgument> Arguments { get; init; } = [];

    /// <summary>The call as the answer has it.</summary>
    public string Source { get; init; } = "";

    /// <summary>The thought in front of the action; null without one.</summary>
    public string? Thought { get; init; }

    /// <summary>What the model says about its last step; null when absent.</summary>
    public string? Reflection { get; init; }

    /// <summary>The action in one line with relative points, such as <c>click (0.25,0.5)</c>.</summary>
    public override string ToString() => Describe(point => point.ToString());

    /// <summary>The action in one line with the screen's pixels, such as <c>click (209,174)</c>.</summary>
    /// <param name="screen">The mapper that holds the screen's size.</param>
    public string ToString(CoordinateMapper screen) => Describe(point =>
    {
        var (x, y) = screen.ToScreen(point);
        return string.Create(CultureInfo.InvariantCulture, $"({Math.Round(x)},{Math.Round(y)})");
    });

    private string Describe(Func<ScreenPoint, string> show)
    {
        var words = new List<string> { Name };
        if (Direction is not null) words.Add(Direction);
        if (Keys.Count > 0) words.Add(string.Join('+', Keys));
        if (Text is not null) words.Add($"\"{Text.Replace("\n", "\\n", StringComparison.Ordinal)}\"");
        if (Point is { } start) words.Add(show(start));
        if (EndPoint is { } end) words.Add($"→ {show(end)}");
        return string.Join(' ', words);
    }
}
