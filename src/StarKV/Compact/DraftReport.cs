namespace StarKV.Compact;

/// <summary>The draft that a method looked at before its cache was chosen, and what it took.</summary>
/// <param name="Tokens">The draft's tokens, without an end token; none of them is part of the answer.</param>
/// <param name="HeldBytes">
/// Bytes of keys and values held when the draft had been written: all rows of all layers, and the draft's own cache with its room, measured
/// on the tensors. Of what a reading holds this is the most; the finished cache is chosen after the draft's is free.
/// </param>
public sealed record DraftReport(IReadOnlyList<int> Tokens, long HeldBytes)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => FormattableString.Invariant($"{Tokens.Count} tokens, {HeldBytes} bytes held");
}
