using System.Diagnostics.CodeAnalysis;
using StarKV.Cache;
using StarKV.Kernels;
using StarKV.Models.Layers;
using StarKV.Runtime;
using StarKV.Text;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Models;

/// <summary>
/// A text decoder with grouped-query attention, rotary positions of one or three axes and gated MLPs, as Qwen2.5 and Qwen3 have it.
/// </summary>
/// <remarks>
/// Source: Qwen2.5-VL technical report, arXiv 2502.13923; Qwen3's, arXiv 2505.09388. Shapes: L tokens, H query heads, G key/value heads,
/// d head dimension, D hidden size. Not thread-safe: it belongs on the inference thread.
/// </remarks>
[Experimental("STARKV001")]
public sealed class TextDecoder : IDisposable
{
    private readonly TextConfig _config;
    private readonly Tensor _embedding, _finalNorm, _head, _none;
    private readonly List<DecoderLayer> _layers = [];
    private AttendTogether? _together;

    internal TextDecoder(TextConfig config, Compute compute, IWeightSource weights)
    {
        _config = config;
        Compute = compute;
        using var scope = NewDisposeScope();
        weights = new ScopedWeights(weights, scope);
        var d = config.HiddenSize;
        const string model = "model.language_model.";
        _embedding = weights.Take([config.VocabSize, d], model + "embed_tokens.weight");
        for (var i = 0; i < config.Layers; i++)
            _layers.Add(DecoderLayer.Take(config, weights, $"{model}layers.{i}."));
        _finalNorm = weights.Take([d], model + "norm.weight");
        _head = config.TieWordEmbeddings ? _embedding : weights.Take([config.VocabSize, d], "lm_head.weight");
        _none = empty([0], compute.DType, compute.Device);
        Rotary = new RotaryTable(config.RotaryAxes, config.RopeTheta, compute);
        foreach (var weight in Weights)
            weight.DetachFromDisposeScope();
    }

    /// <summary>Number of layers.</summary>
    public int Layers => _layers.Count;

    /// <summary>Tokens that a sequence may have, <see cref="TextConfig.MaxPositions"/>.</summary>
    internal int MaxPositions => _config.MaxPositions;

    /// <summary>The device and number type.</summary>
    public Compute Compute { get; }

    /// <summary>Rotary angles for given positions.</summary>
    public RotaryTable Rotary { get; }

    /// <summary>The rotary positions of a prompt, as the model was trained with them.</summary>
    public MRopePositions Positions(TokenMap prompt) =>
        _config.Rope == RopeKind.OneDimensional ? MRopePositions.OneDimensional(prompt) : MRopePositions.Compute(prompt);

    /// <summary>The embeddings of tokens, [L, D]; the caller owns them.</summary>
    /// <param name="ids">Token ids, [L], int64, on the device.</param>
    public Tensor Embed(Tensor ids) => _embedding.index_select(0, ids);

    /// <summary>The first half of layer <paramref name="layer"/>: norm, projections, the heads' norms if any, rotation.</summary>
    /// <param name="layer">Layer index from 0.</param>
    /// <param name="hidden">The residual stream, [L, D].</param>
    /// <param name="angles">Cosines and sines of the tokens' positions.</param>
    /// <returns>The heads, and the attention's normalised input [L, D].</returns>
    internal (ProjectedHeads Heads, Tensor Inputs) Project(int layer, Tensor hidden, RotaryAngles angles)
    {
        var (w, length) = (_layers[layer], hidden.shape[0]);
        var (all, inputs) = TorchOps.DecoderProject(
            hidden, w.InputNorm, w.Qkv.Weight, w.Qkv.Bias ?? _none, _config.Heads + 2 * _config.KvHeads, CudnnAttention.Rows(hidden),
            _config.RmsNormEps);
        return (Turn(w, all, length, angles), inputs);
    }

    /// <summary>Norms, if any, and rotation of the first rows' queries and keys where they lie, [rows, H + 2 G, d].</summary>
    private ProjectedHeads Turn(DecoderLayer layer, Tensor all, long tokens, RotaryAngles angles)
    {
        var queriesAndKeys = all.narrow(0, 0, tokens).narrow(1, 0, _config.Heads + _config.KvHeads);
        if (layer.HeadNorms is { } norms)
            FusedOps.NormHeads(queriesAndKeys, norms.Query, norms.Key, _config.Heads, _config.RmsNormEps);
        FusedOps.Rotate(queriesAndKeys, angles.Cos, angles.Sin);
        return new ProjectedHeads(all, _config.Heads, _config.KvHeads, tokens);
    }

    /// <summary>
    /// Causal attention of a sequence's last tokens, or of all of them, over the whole sequence, [queries, H·d]: the last query sees every
    /// key, the one before it all but the last.
    /// </summary>
    /// <param name="queries">Queries of the last tokens, [H, queries, d].</param>
    /// <param name="keys">Keys, [S, L, d]; S divides H.</param>
    /// <param name="values">Values, [S, L, d].</param>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values) => TorchOps.Call("decoder_attend", queries, keys, values);

    /// <summary>Causal attention of a whole prompt over itself, [L, H·d].</summary>
    internal static Tensor Attend(ProjectedHeads heads) =>
        CudnnAttention.OfPrompt(heads.All, heads.QueryHeads, heads.KvHeads, heads.Tokens)
            ?? Attend(heads.Queries, heads.Keys, heads.Values);

    /// <summary>Causal attention of new tokens over earlier rows and themselves, [n, H·d].</summary>
    /// <param name="heads">The new tokens' heads.</param>
    /// <param name="keys">Earlier and new keys, [S, P, d].</param>
    /// <param name="values">Earlier and new values, [S, P, d].</param>
    internal static Tensor Attend(ProjectedHeads heads, Tensor keys, Tensor values) =>
        PartedAttention.Of(heads.All, heads.QueryHeads, heads.Tokens, keys, values) ?? Attend(heads.Queries, keys, values);

    /// <summary>
    /// The second half of layer <paramref name="layer"/>, written over <paramref name="hidden"/> in runs of at most
    /// <paramref name="chunk"/> tokens.
    /// </summary>
    /// <remarks>
    /// The MLP holds 2·intermediate numbers per token, the largest temporary of a prefill; the runs bound it and change nothing else.
    /// </remarks>
    public void Finish(int layer, Tensor hidden, Tensor attended, int chunk)
    {
        var (w, length) = (_layers[layer], hidden.shape[0]);
        // Runs of nearly one length: a short last one would use the card badly.
        var runs = (length + chunk - 1) / chunk;
        for (var run = 0L; run < runs; run++)
        {
            using var scope = NewDisposeScope();
            var (start, end) = (length * run / runs, length * (run + 1) / runs);
            var count = end - start;
            var part = hidden.narrow(0, start, count);
            var gateUp = TorchOps.Call(
                "decoder_gate_up", part, attended.narrow(0, start, count), w.Out.Weight, w.PostNorm, w.GateUp.Weight, _config.RmsNormEps);
            TorchOps.Call("decoder_down", part, FusedOps.Gate(gateUp), w.Down.Weight);
        }
    }

    /// <summary>
    /// One token through every layer: appends its keys and values to <paramref name="cache"/>; the residual stream is written over
    /// <paramref name="hidden"/>.
    /// </summary>
    /// <param name="hidden">The token's embedding, [1, D].</param>
    /// <param name="angles">Cosines and sines of its position.</param>
    /// <param name="cache">The cache; layers with an observation window take their query in.</param>
    internal void Step(Tensor hidden, RotaryAngles angles, KvCache cache)
    {
        if (DecodeToken.For(Sizes, hidden) is { } kernels)
        {
            for (var i = 0; i < _layers.Count; i++)
            {
                var (w, kv) = (_layers[i], cache.Layers[i]);
                var (keys, values, row) = kv.ReserveRow();
                kernels.Layer(hidden, w.Decoding, angles.Cos, angles.Sin, keys, values, row, kv.PeekWindow() ?? _none);
            }

            return;
        }

        for (var i = 0; i < _layers.Count; i++)
        {
            var (w, kv) = (_layers[i], cache.Layers[i]);
            var (keys, values, row) = kv.ReserveRow();
            using var same = TorchOps.Call(
                "decoder_step", hidden, w.InputNorm, w.Qkv.Weight, w.Qkv.Bias ?? _none, w.Out.Weight, w.PostNorm, w.GateUp.Weight,
                w.Down.Weight, angles.Cos, angles.Sin, keys, values, row, kv.PeekWindow() ?? _none,
                _config.Heads, _config.KvHeads, _config.RmsNormEps, w.HeadNorms?.Query ?? _none, w.HeadNorms?.Key ?? _none);
        }
    }

    /// <summary>
    /// One token of each of several answers through every layer, written over <paramref name="hidden"/>; each attends to its own cache
    /// alone.
    /// </summary>
    /// <param name="hidden">The tokens' embeddings, [B, D].</param>
    /// <param name="angles">Cosines and sines of their positions, [B, d], or of one that all of them have, [1, d].</param>
    /// <param name="caches">One cache for each token; each grows by its keys and values.</param>
    public void StepTogether(Tensor hidden, RotaryAngles angles, IReadOnlyList<KvCache> caches)
    {
        using var step = NewDisposeScope();
        if (caches.Count == 1)
        {
            Step(hidden, angles, caches[0]);
            return;
        }

        var kernels = DecodeTokens.For(Sizes, hidden);
        var together = AttendTogether.For(Sizes, hidden, () => ReserveRows(caches), Interlocked.Exchange(ref _together, null));
        try
        {
            for (var i = 0; i < _layers.Count; i++)
            {
                using var scope = NewDisposeScope();
                var w = _layers[i];
                var (queries, keys, values) = kernels is null
                    ? Project(i, hidden, angles).Heads
                    : Turn(w, kernels.Project(hidden, w.Decoding), caches.Count, angles);
                var attended = together?.Layer(i, queries, keys, values)
                    ?? AttendEach(queries, keys, values, [.. caches.Select(c => c.Layers[i])]);
                if (kernels is null)
                    Finish(i, hidden, attended, caches.Count);
                else
                    kernels.Finish(hidden, attended, w.Decoding);
            }
        }
        finally
        {
            Interlocked.Exchange(ref _together, together)?.Dispose();
        }
    }

    /// <summary>
    /// Sets a row aside in every layer of every cache; null, with nothing set aside, where the caches store different numbers of heads.
    /// </summary>
    private static IReadOnlyList<IReadOnlyList<(Tensor Keys, Tensor Values, int Row)>>? ReserveRows(IReadOnlyList<KvCache> caches)
    {
        var copies = caches[0].Layers.Select(l => l.HeadCopies).ToList();
        return caches.All(c => c.Layers.Select(l => l.HeadCopies).SequenceEqual(copies))
            ? [.. Enumerable.Range(0, copies.Count).Select(layer => caches.Select(c => c.Layers[layer].ReserveRow()).ToList())]
            : null;
    }

    /// <summary>One token each of several caches attends to its own, [B, H·d]; each cache grows by its row.</summary>
    private static Tensor AttendEach(Tensor queries, Tensor keys, Tensor values, IReadOnlyList<KvLayer> caches) => cat(
    [
        .. caches.Select((cache, token) =>
        {
            var (held, heldValues, row) = cache.ReserveRow();
            return TorchOps.Call("cache_attend", queries, keys, values, token, held, heldValues, row);
        }),
    ], 0);

    /// <summary>The final norm of the residual stream.</summary>
    public Tensor Norm(Tensor hidden) => TorchOps.RmsNorm(hidden, _finalNorm, _config.RmsNormEps);

    /// <summary>
    /// Logits [rows, vocabulary] in float32 for rows of the residual stream [rows, D]; a prefill asks for the last row only.
    /// </summary>
    public Tensor Logits(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var eps = (float)_config.RmsNormEps;
        var logits = (hidden.shape[0] == 1
            ? DecodeToken.Logits(hidden, _finalNorm, eps, _head)
            : DecodeTokens.Logits(hidden, _finalNorm, eps, _head))
            ?? nn.functional.linear(Norm(hidden), _head);
        return logits.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in Weights)
            weight.Dispose();
        _together?.Dispose();
        Rotary.Dispose();
    }

    private DecoderSizes Sizes => new(
        _config.HiddenSize, _config.IntermediateSize, _config.Heads, _config.KvHeads, _config.HeadDim, (float)_config.RmsNormEps);

    private IEnumerable<Tensor> Weights =>
        _layers.SelectMany(l => l.Tensors).Append(_embedding).Append(_finalNorm).Append(_head).Append(_none);
}
