using StarKV.Account;
using StarKV.Act;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Sessions;

namespace StarKV;

/// <summary>The model's answer to an instruction, what was kept to give it, and what it cost.</summary>
public sealed record GroundingAnswer
{
    /// <value>The answer as the model wrote it.</value>
    public required string Text { get; init; }

    /// <value>The actions found in it, and what was wrong with it; nothing is ever executed.</value>
    public required ParsedAnswer Parsed { get; init; }

    /// <value>
    /// Between the model's pixels and those of the last screenshot; after words alone, between thousandths and a screen of 1000×1000 px.
    /// </value>
    public required CoordinateMapper Coordinates { get; init; }

    /// <value>Answer tokens, without the end token.</value>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <value>Why the answer ended.</value>
    public required FinishReason Finish { get; init; }

    /// <value>What the cache held when the prompt had been read.</value>
    public required KvReport Kv { get; init; }

    /// <value>Each screenshot's patch grid as the model saw it, oldest first.</value>
    public required IReadOnlyList<PatchGrid> Grids { get; init; }

    /// <value>Which cells of each screenshot were kept.</value>
    public KeptCells Kept
    {
        get => CountKept.Value;
        init => CountKept = new Lazy<KeptCells>(() => value);
    }

    /// <value>The kept cells, counted when they are first asked for; default no cells.</value>
    internal Lazy<KeptCells> CountKept { get; init; } = new(() => new KeptCells([]));

    /// <value>Wall time by stage.</value>
    public required StageTimes Times { get; init; }

    /// <value>The draft that the method looked at before it chose; null (default) for a method without one.</value>
    public DraftReport? Draft { get; init; }

    /// <value>What the step did in its session; null (default) for an answer without one.</value>
    public StepReport? Session { get; init; }

    /// <summary>The first action, or null when the answer holds none.</summary>
    public GuiAction? Action => Parsed.First;

    /// <summary>Where the first action points, in pixels of the last screenshot; null when it points nowhere.</summary>
    public (int X, int Y)? Point => Action?.Point is { } point ? Coordinates.ToScreenPixel(point) : null;

    /// <summary>The text, the action in pixels of the last screenshot, and what the cache held, in one line.</summary>
    public override string ToString() => $"{Text} → {Action?.ToString(Coordinates) ?? "no action"}; {Kv}";
}
