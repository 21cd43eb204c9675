using StarKV.Budget;
using StarKV.Observe;
using StarKV.Runtime;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// Lookahead Q-Cache, arXiv 2505.20334: keep what the first tokens of a draft attend to, which is written on SnapKV's cache before. With
/// a window (LAQ++) the last queries of the prompt look too.
/// </summary>
/// <remarks>
/// Until the draft is written all rows of all layers are held: of the methods it is the one with the highest peak. Where there is no draft,
/// during an answer that is compressed itself or when the draft is empty, the last queries look alone.
/// </remarks>
public sealed class Laq : ICompressionMethod
{
    private readonly LaqOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default LAQ as in the paper, docs/methods.md#laq.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public Laq(LaqOptions? options = null) => _o = LaqOptions.Table.Checked(options ?? new LaqOptions());

    /// <inheritdoc/>
    public string Name => "laq";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => LaqOptions.Table.Write(_o);

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => _o.Granularity == Granularity.QueryHead ? headsPerGroup : 1;

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => Math.Max(1, _o.Window);

    /// <summary>A draft of a few tokens on SnapKV's cache.</summary>
    public DraftRequest Draft =>
        new(new SnapKv(new AttentionOptions { Window = _o.DraftWindow, Kernel = _o.Kernel, Pooling = _o.Pooling }), _o.Draft)
        {
            Budget = _o.DraftKeep > 0 ? KvBudget.Keep(_o.DraftKeep) : null,
        };

    /// <summary>Attention of the draft's queries and of the window's, summed and pooled, [G, P], or [H, P] for query heads.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var o = observation;
        var window = Math.Min(o.DraftQueries is null ? o.Window : _o.Window, o.Window);
        var last = o.Queries.narrow(1, o.Window - window, window);
        var queries = o.DraftQueries is { } draft ? cat([last, draft], 1) : last;
        var sums = TorchOps.Call("lookahead_attention", queries, o.Keys, window, _o.Sees == LaqSees.Shifted, _o.Softmax);
        // Only what the window has not filled is pooled; without a window the last token, which stays in any case, lends its neighbours
        // its score as the others do.
        var pooled = WindowAttention.Pool(sums.narrow(1, 0, o.Past + o.Window - window), _o.Kernel, _o.Pooling).narrow(1, 0, o.Past);
        var scores = _o.Granularity == Granularity.QueryHead ? pooled : pooled.view(o.KvHeads, o.HeadsPerGroup, -1).mean([1]);
        if (!_o.Value)
            return scores;
        var norms = ValueNorms.Of(o);
        return scores * norms.repeat_interleave(scores.shape[0] / norms.shape[0], 0);
    }
}
