namespace StarKV.Account;

/// <summary>For each screenshot and merged cell, the share of layers and heads that kept it.</summary>
/// <param name="Frames">One list per frame, oldest first: shares 0–1, cells row by row.</param>
public sealed record KeptCells(IReadOnlyList<IReadOnlyList<float>> Frames)
{
    /// <summary>Counts the tokens that a cache holds.</summary>
    public static KeptCells Of(KeptTokens kept) =>
        new([.. kept.Prompt.Frames.Select(frame => Enumerable.Range(frame.Start, frame.Length).Select(t => kept.Share(t)).ToArray())]);

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"kept cells of {ListText.Count(Frames.Count, "screenshot")}";
}
