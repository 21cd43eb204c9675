using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>Options of <see cref="VlCache"/>.</summary>
public sealed record VlCacheOptions
{
    /// <value>Pooling and granularity; the window serves prompts without a screenshot alone.</value>
    public AttentionOptions Attention { get; init; } = new();

    /// <value>On what a layer's sparsity is measured; default as in the paper.</value>
    public Sparsity Sparsity { get; init; } = Sparsity.Chained;

    internal static OptionTable<VlCacheOptions> Table { get; } = AttentionOptions
        .AddTo(new OptionTable<VlCacheOptions>("vl-cache"), o => o.Attention, (o, a) => o with { Attention = a })
        .Choice(
            "sparsity",
            o => o.Sparsity,
            (o, v) => o with { Sparsity = v },
            "on what a layer's sparsity is measured",
            ("chained", Sparsity.Chained),
            ("embeddings", Sparsity.Embeddings));
}

/// <summary>
/// VL-Cache, arXiv 2410.23317: keep what the text after the last screenshot
/// attends to (section 4.2), and more of it in layers whose attention
/// is spread wide (section 4.1). Every layer must be read before the first selection, so the prefill holds a full cache.
/// </summary>
public sealed class VlCache : ICompressionMethod
{
    private readonly VlCacheOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default as in the paper.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public VlCache(VlCacheOptions? options = null) => _o = VlCacheOptions.Table.Checked(options ?? new VlCacheOptions());

    /// <inheritdoc/>
    public string Name => "vl-cache";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => VlCacheOptions.Table.Write(_o);

    /// <inheritdoc/>
    public ILayerBudget LayerBudget => new SparsityBudget(_o.Sparsity);

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => _o.Attention.HeadCopies(headsPerGroup);

    /// <summary>The text after the last screenshot.</summary>
    public int Window(TokenMap prompt) => prompt.LastFrame is { } frame ? Math.Max(1, prompt.Length - frame.End) : _o.Attention.Window;

    /// <summary>Pooled attention of that text, [G, P], or [H, P] for query heads.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory) => _o.Attention.Scores(observation);
}
