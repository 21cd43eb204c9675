using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>What a compression method may see of one layer: never the model. All tensors are borrowed.</summary>
/// <remarks>Shapes: H query heads, W window queries, G key/value heads, L prompt tokens, d head dimension, D hidden size.</remarks>
public readonly record struct LayerObservation
{
    /// <value>The last W queries after rotation, [H, W, d].</value>
    public required Tensor Queries { get; init; }

    /// <value>All keys after rotation, [G, L, d].</value>
    public required Tensor Keys { get; init; }

    /// <value>All values, [G, L, d].</value>
    public required Tensor Values { get; init; }

    /// <value>The attention's input, after the layer's norm, [L, D].</value>
    public required Tensor Inputs { get; init; }

    /// <value>The residual stream before the layer's norm, [L, D].</value>
    public required Tensor Residual { get; init; }

    /// <value>What each prompt token is.</value>
    public required TokenMap Tokens { get; init; }

    /// <value>Tensors that depend on the prompt alone, shared by all layers.</value>
    public required PromptTensors Prompt { get; init; }

    /// <value>Layer index from 0.</value>
    public required int Layer { get; init; }

    /// <value>Rows C that the layer will keep, the window included.</value>
    public required int Capacity { get; init; }

    /// <summary>Window length W in queries.</summary>
    public int Window => (int)Queries.shape[1];

    /// <summary>Past tokens P = L − W that compete to be kept.</summary>
    public int Past => (int)Keys.shape[1] - Window;

    /// <summary>Key/value heads G.</summary>
    public int KvHeads => (int)Keys.shape[0];

    /// <summary>Query heads a key/value head, n = H / G.</summary>
    public int HeadsPerGroup => (int)(Queries.shape[0] / Keys.shape[0]);

    /// <summary>The last screenshot's tokens as far as they lie in the past, [start, end); null without such tokens.</summary>
    public (int Start, int End)? LastFrameInPast =>
        Tokens.LastFrame is { } frame && frame.Start < Past ? (frame.Start, Math.Min(frame.End, Past)) : null;
}

/// <summary>One layer during a prefill, from which an observation with any window can be taken.</summary>
/// <param name="Queries">All queries after rotation, [H, L, d].</param>
/// <param name="Keys">All keys after rotation, [G, L, d].</param>
/// <param name="Values">All values, [G, L, d].</param>
/// <param name="Inputs">The attention's input, [L, D].</param>
/// <param name="Residual">The residual stream, [L, D].</param>
/// <param name="Tokens">What each prompt token is.</param>
/// <param name="Prompt">Tensors shared by all layers.</param>
/// <param name="Layer">Layer index from 0.</param>
/// <param name="Layers">Number of layers.</param>
public readonly record struct LayerInput(
    Tensor Queries, Tensor Keys, Tensor Values, Tensor Inputs, Tensor Residual, TokenMap Tokens, PromptTensors Prompt, int Layer, int Layers)
{
    /// <summary>The observation with the window of <paramref name="plan"/>.</summary>
    public LayerObservation Observe(KeepPlan plan) => new()
    {
        Queries = Queries.narrow(1, Queries.shape[1] - plan.Window, plan.Window),
        Keys = Keys,
        Values = Values,
        Inputs = Inputs,
        Residual = Residual,
        Tokens = Tokens,
        Prompt = Prompt,
        Layer = Layer,
        Capacity = plan.Rows,
    };
}
