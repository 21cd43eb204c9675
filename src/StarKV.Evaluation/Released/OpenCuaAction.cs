using System.Globalization;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>One action as the OpenCUA evaluation programs read it: a kind and one value.</summary>
/// <param name="Kind">Its name there, such as <c>click</c> or <c>hotkey</c>.</param>
public sealed record OpenCuaAction(string Kind)
{
    /// <value>Where, in shares of the screen; null when the kind has no point.</value>
    public ScreenPoint? Point { get; init; }

    /// <value>What to write, or the status of <c>terminate</c>; null for other kinds.</value>
    public string? Text { get; init; }

    /// <value>The keys of <c>press</c> and <c>hotkey</c>; null for other kinds.</value>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <value>The clicks of <c>scroll</c>; null for other kinds.</value>
    public int? Amount { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind} {Point}{Text}{(Keys is null ? "" : ListText.Of(Keys))}{Amount}");
}
