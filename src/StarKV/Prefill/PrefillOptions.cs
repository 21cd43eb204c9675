using System.Diagnostics.CodeAnalysis;

namespace StarKV.Prefill;

/// <summary>How a prompt is read.</summary>
[Experimental("STARKV001")]
public sealed record PrefillOptions
{
    /// <value>
    /// Tokens that go through an MLP together, at least 1; bounds the largest temporary and changes no result. Default 8,192.
    /// </value>
    public int ChunkTokens { get; init; } = 8192;

    /// <value>Rows set aside in the cache for the answer; default 64.</value>
    public int AnswerRoom { get; init; } = 64;

    /// <value>
    /// Waits for the device around every selection, so that its time is measured on CUDA too; slows the prefill. Default false.
    /// </value>
    public bool MeasureSelection { get; init; }

    /// <value>
    /// Writes the drafts of methods that look at one, <see cref="Score.ICompressionMethod.Draft"/>; null (default) refuses these methods.
    /// </value>
    public IDraftWriter? Drafts { get; init; }
}
