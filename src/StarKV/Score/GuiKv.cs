using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>Which directions of the last screenshot's keys count as known.</summary>
public enum RedundancyBasis
{
    /// <summary>Those of its first tokens, the top left of the screen: what an un-pivoted QR gives, as in the released program.</summary>
    FirstTokens,

    /// <summary>Those with the most energy over the whole screen: an extension.</summary>
    PrincipalSubspace,
}

/// <summary>Options of <see cref="GuiKv"/>; the symbols are those of arXiv 2510.00536.</summary>
public sealed record GuiKvOptions
{
    /// <summary>The released program's choices: the defaults.</summary>
    public static GuiKvOptions Reference { get; } = new();

    /// <summary>
    /// The known subspace of the whole last screenshot instead of its first tokens; how far it was ahead and where: docs/methods.md.
    /// </summary>
    public static GuiKvOptions Subspace { get; } = new() { Basis = RedundancyBasis.PrincipalSubspace };

    /// <value>Window, pooling and granularity.</value>
    public AttentionOptions Attention { get; init; } = new();

    /// <value>Strength α of the spatial boost, 0–100; default 2.</value>
    public double Alpha { get; init; } = 2;

    /// <value>Temperature τ of the spatial boost, 0.01–100; default 3.5.</value>
    public double SaliencyTemperature { get; init; } = 3.5;

    /// <value>Vectors whose lengths give the spatial boost; default the attention's input, as in the released program.</value>
    public NormSource NormSource { get; init; } = NormSource.Input;

    /// <value>Directions r of the known subspace, 1–256; default 32.</value>
    public int Rank { get; init; } = 32;

    /// <value>How the known subspace is found; default by the first tokens.</value>
    public RedundancyBasis Basis { get; init; } = RedundancyBasis.FirstTokens;

    internal static OptionTable<GuiKvOptions> Table { get; } = AttentionOptions
        .AddTo(new OptionTable<GuiKvOptions>("gui-kv"), o => o.Attention, (o, a) => o with { Attention = a })
        .Number("alpha", o => o.Alpha, (o, v) => o with { Alpha = v }, 0, 100, "strength α of the spatial boost")
        .Number("saliency-temperature", o => o.SaliencyTemperature, (o, v) => o with { SaliencyTemperature = v }, 0.01, 100,
            "temperature τ of the spatial boost")
        .Choice("norm-source", o => o.NormSource, (o, v) => o with { NormSource = v }, "vectors whose lengths give the spatial boost",
            ("input", NormSource.Input), ("residual", NormSource.Residual))
        .Whole("rank", o => o.Rank, (o, v) => o with { Rank = v }, 1, 256, "directions r of the known subspace")
        .Choice("basis", o => o.Basis, (o, v) => o with { Basis = v }, "how the known subspace is found",
            ("first-tokens", RedundancyBasis.FirstTokens), ("principal-subspace", RedundancyBasis.PrincipalSubspace));
}

/// <summary>
/// GUI-KV, arXiv 2510.00536: window attention, boosted where the last screenshot stands out (section 3.2); tokens of earlier screenshots
/// whose keys the last one already spans are dropped first (section 3.3).
/// </summary>
public sealed class GuiKv : ICompressionMethod
{
    private readonly GuiKvOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default as published.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public GuiKv(GuiKvOptions? options = null) => _o = GuiKvOptions.Table.Checked(options ?? new GuiKvOptions());

    /// <inheritdoc/>
    public string Name => "gui-kv";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => GuiKvOptions.Table.Write(_o);

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => _o.Attention.HeadCopies(headsPerGroup);

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => _o.Attention.Window;

    /// <summary>Boosted window attention with redundant tokens at 0, [G, P], or [H, P] for query heads.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var scores = _o.Attention.Scores(observation, new SpatialBoost(_o.Alpha, _o.SaliencyTemperature, _o.NormSource));
        if (observation.Tokens.Frames.Count > 1 && observation.Frames.Count > 0)
            ZeroRedundant(scores, observation);
        return scores;
    }

    /// <summary>
    /// Sets the scores of the ⌊(1 − C/L)·count⌋ rows of earlier screenshots nearest to the last screenshot's subspace to 0.
    /// </summary>
    private void ZeroRedundant(Tensor scores, in LayerObservation o)
    {
        var dropped = 1 - (double)o.Capacity / o.Keys.shape[1];
        if (_o.Basis == RedundancyBasis.FirstTokens && GuiKvOnCard.ZeroRedundant(scores, o, dropped, _o.Rank))
            return;

        var earlier = EarlierScreens.Rows(o, o.Past);
        var keys = o.Keys.narrow(1, 0, o.Past).to(ScalarType.Float32);
        var basis = Basis(o.Keys.narrow(1, o.Frames[^1].Start, o.Frames[^1].Length).to(ScalarType.Float32));
        var residual =
            (keys - keys.matmul(basis).matmul(basis.transpose(1, 2))).norm(2).masked_fill(earlier.logical_not(), double.PositiveInfinity);
        var (_, nearest) = residual.sort(1);
        var count = (earlier.sum(1, true).to(ScalarType.Float64) * dropped).floor();
        var first = arange(o.Past, ScalarType.Float64, scores.device).unsqueeze(0).lt(count).expand_as(nearest);
        var redundant = zeros_like(residual, ScalarType.Bool).scatter_(1, nearest, first);
        scores.masked_fill_(redundant.repeat_interleave(scores.shape[0] / o.KvHeads, 0), 0);
    }

    /// <summary>Orthonormal directions of a screenshot's keys [G, tokens, d], as [G, d, r].</summary>
    private Tensor Basis(Tensor keys)
    {
        var rank = (int)Math.Min(_o.Rank, Math.Min(keys.shape[1], keys.shape[2]));
        if (_o.Basis == RedundancyBasis.FirstTokens)
            return linalg.qr(keys.narrow(1, 0, rank).transpose(1, 2)).Q;
        // Eigenvectors of K^T K come by ascending energy.
        var (_, vectors) = linalg.eigh(keys.transpose(1, 2).matmul(keys));
        return vectors.narrow(2, vectors.shape[2] - rank, rank);
    }
}
