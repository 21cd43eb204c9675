using StarKV.Cache;
using StarKV.Models.Layers;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>What a reading goes on from: the rows of tokens that were read before.</summary>
/// <remarks>It serves one reading, which disposes it. Not thread-safe: it belongs on the inference thread.</remarks>
internal interface IEarlierTokens : IDisposable
{
    /// <summary>The first token that is new.</summary>
    /// <param name="sequence">All tokens, the earlier ones first.</param>
    /// <exception cref="StarKvException">The sequence begins otherwise, or has nothing new.</exception>
    int First(TokenMap sequence);

    /// <summary>Puts a layer's earlier rows before its new ones; layers are asked for in their order, each once.</summary>
    /// <param name="fresh">What the layer shows of the new tokens.</param>
    JoinedLayer Join(NewLayer fresh);

    /// <summary>Says that every layer was computed: what was to be kept of the new tokens is complete when this returns.</summary>
    void Complete();
}

/// <summary>What a layer shows of the tokens that are read.</summary>
/// <param name="Heads">Their queries, keys and values.</param>
/// <param name="Inputs">The attention's input, after the layer's norm, [n, D].</param>
/// <param name="Residual">The residual stream before it, [n, D].</param>
/// <param name="Tokens">All tokens.</param>
/// <param name="Prompt">Tensors shared by all layers.</param>
/// <param name="Layer">Layer index from 0.</param>
internal sealed record NewLayer(
    ProjectedHeads Heads, Tensor Inputs, Tensor Residual, TokenMap Tokens, PromptTensors Prompt, int Layer)
{
    /// <summary>The layer as a reading of the whole prompt sees it.</summary>
    public JoinedLayer Alone() =>
        new(new LayerInput(Heads.Queries, Heads.Keys, Heads.Values, new TokenNorms(Inputs, Residual), Tokens, Prompt, Layer));
}

/// <summary>A layer's earlier and new rows.</summary>
/// <param name="Seen">The rows among which the layer's cache is chosen; the new ones are the last.</param>
internal sealed record JoinedLayer(LayerInput Seen)
{
    /// <value>
    /// Keys and values that the new tokens attend to, [S, rows, d], the new ones last: told the layer's cache, or null where that is chosen
    /// after all layers. Default all of <see cref="Seen"/>.
    /// </value>
    public Func<KvLayer?, (Tensor Keys, Tensor Values)> Attended { get; init; } = _ => (Seen.Keys, Seen.Values);
}
