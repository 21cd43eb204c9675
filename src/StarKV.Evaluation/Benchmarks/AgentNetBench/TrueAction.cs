using StarKV.Act;
using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>One accepted action of a step.</summary>
/// <param name="Type">Its name as recorded, such as <c>click</c> or <c>dragTo</c>.</param>
internal sealed record TrueAction(string Type)
{
    /// <value>Where, in shares of the screenshot; null when the type has no position.</value>
    public ScreenPoint? Point { get; init; }

    /// <value>Boxes in which a point is right; default none.</value>
    public IReadOnlyList<RelativeBox> Boxes { get; init; } = [];

    /// <value>What to write; empty for other types.</value>
    public string Text { get; init; } = "";

    /// <value>The keys of <c>press</c> and <c>hotkey</c>; default none.</value>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <value>The status of <c>terminate</c>; empty for other types.</value>
    public string Status { get; init; } = "";

    /// <summary>The action in words, for people.</summary>
    public override string ToString() => $"{Type} {Text}{string.Join(" + ", Keys)}{Status}".Trim();
}
