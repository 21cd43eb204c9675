using StarKV.Cache;

namespace StarKV.Account;

/// <summary>What a cache held when the prompt had been read.</summary>
/// <param name="PromptTokens">Prompt tokens L.</param>
/// <param name="RowsPerLayer">Rows kept by each layer, for every key/value head.</param>
/// <param name="Bytes">Bytes of keys and values held, measured on the tensors.</param>
/// <param name="FullBytes">Bytes that the whole prompt takes in the same layout: key/value heads only.</param>
/// <param name="AllocatedBytes">Bytes of the buffers, with the room set aside for the answer.</param>
public sealed record KvReport(int PromptTokens, IReadOnlyList<int> RowsPerLayer, long Bytes, long FullBytes, long AllocatedBytes)
{
    /// <summary>Rows kept, the mean over the layers.</summary>
    public double KeptTokens => RowsPerLayer.Average();

    /// <summary>Share of the full cache's bytes that is held.</summary>
    public double KeptShare => (double)Bytes / FullBytes;

    /// <summary>Reads a cache right after the prefill.</summary>
    public static KvReport Of(KvCache cache) => new(
        cache.Prompt.Length,
        [.. cache.Layers.Select(l => l.Length)],
        cache.NBytes,
        cache.Layers.Sum(l => l.NBytes / l.Length / l.HeadCopies * cache.Prompt.Length),
        cache.AllocatedBytes);

    /// <summary>Tokens and bytes held, of the whole prompt's.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{KeptTokens:0.#} of {PromptTokens} tokens, {Bytes} of {FullBytes} bytes");
}
