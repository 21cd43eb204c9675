using StarKV.Cache;
using StarKV.Compact;
using StarKV.Models.Qwen25Vl;
using StarKV.Observe;
using StarKV.Runtime;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>Reads a prompt layer by layer; each layer's cache is compacted before the next layer is computed, unless the method needs all layers first.</summary>
/// <param name="decoder">The text decoder.</param>
public sealed class PrefillRunner(TextDecoder decoder)
{
    /// <summary>Reads a prompt whose screenshots are already encoded.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="screens">Embeddings of each frame's merged cells, [cells, D], oldest first; borrowed.</param>
    /// <param name="compression">Method, budget and memory.</param>
    /// <param name="options">Sizes; default as <see cref="PrefillOptions"/> has them.</param>
    /// <param name="trace">Called with the residual stream after each layer, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every layer and every selection.</param>
    public PrefillResult Run(
        TokenMap prompt, IReadOnlyList<Tensor> screens, Compression compression, PrefillOptions? options = null,
        Action<string, Tensor>? trace = null, CancellationToken cancellation = default) =>
        Run(prompt, screens, [compression], options, trace, cancellation)[0];

    /// <summary>Reads a prompt once and compresses it in several ways: the prefill attends to everything, so what is kept does not change it.</summary>
    /// <inheritdoc cref="Run(TokenMap, IReadOnlyList{Tensor}, Compression, PrefillOptions?, Action{string, Tensor}?, CancellationToken)"/>
    /// <returns>One result for each compression, in their order.</returns>
    public IReadOnlyList<PrefillResult> Run(
        TokenMap prompt, IReadOnlyList<Tensor> screens, IReadOnlyList<Compression> compressions, PrefillOptions? options = null,
        Action<string, Tensor>? trace = null, CancellationToken cancellation = default) =>
        [.. Read(null, prompt, screens, compressions, options, apart: false, trace, cancellation).Select(r => r.OrThrow())];

    /// <summary>Reads a prompt once and compresses it in several ways, each by itself: one that fails leaves its error in its place, and the others go on.</summary>
    /// <inheritdoc cref="Run(TokenMap, IReadOnlyList{Tensor}, IReadOnlyList{Compression}, PrefillOptions?, Action{string, Tensor}?, CancellationToken)"/>
    internal IReadOnlyList<PrefillOutcome> RunEach(
        TokenMap prompt, IReadOnlyList<Tensor> screens, IReadOnlyList<Compression> compressions, PrefillOptions options, CancellationToken cancellation) =>
        Read(null, prompt, screens, compressions, options, apart: true, null, cancellation);

    /// <summary>
    /// Reads only what is new behind the cache that an earlier reading left, compressed or not, grown by an answer or not: the new tokens attend to
    /// every kept row and causally to one another, then kept and new rows compete for the budget of all tokens seen.
    /// </summary>
    /// <remarks>Rows keep their positions, and new tokens have those that a reading of the whole sequence would give them. docs/methods.md#steps has the rules.</remarks>
    /// <param name="before">The earlier result; taken: each layer is freed as the step replaces it, all of it in the end, also when the step fails.</param>
    /// <param name="sequence">All tokens: those that were read, the answer's as they were written, and the new ones, <see cref="TokenMap.Then"/>.</param>
    /// <param name="screens">Embeddings of each new frame's merged cells, [cells, D], oldest first; borrowed.</param>
    /// <param name="compression">Method, budget of all tokens seen, and memory.</param>
    /// <param name="options">Sizes; default as <see cref="PrefillOptions"/> has them.</param>
    /// <param name="cancellation">Checked before every layer and every selection.</param>
    /// <returns>A cache in place of the earlier one, and the logits behind the last new token.</returns>
    /// <exception cref="StarKvException">The sequence does not go on from the cache, is longer than the model's positions, or the method cannot choose among its rows.</exception>
    public PrefillResult Continue(
        PrefillResult before, TokenMap sequence, IReadOnlyList<Tensor> screens, Compression compression, PrefillOptions? options = null, CancellationToken cancellation = default)
    {
        using (before)
            return Read(before.Cache, sequence, screens, [compression], options, apart: false, null, cancellation)[0].OrThrow();
    }

    private List<PrefillOutcome> Read(
        KvCache? before, TokenMap prompt, IReadOnlyList<Tensor> screens, IReadOnlyList<Compression> compressions, PrefillOptions? options, bool apart,
        Action<string, Tensor>? trace, CancellationToken cancellation)
    {
        options ??= new PrefillOptions();
        var first = before is null ? 0 : NewTokens.First(before, prompt);
        var read = prompt.Length - first;
        using var scope = NewDisposeScope();
        var positions = decoder.Positions(prompt);
        ContextLength.Check(decoder.MaxPositions, positions);
        var angles = decoder.Rotary.Angles(HostTensor.Of(positions.Flat, decoder.Compute.Device).view(3, prompt.Length).narrow(1, first, read));
        var hidden = Embed(prompt, first, screens);
        trace?.Invoke("inputs_embeds", hidden);
        using var shared = new PromptTensors(decoder.Compute.Device);
        Action wait = options.MeasureSelection ? () => decoder.Compute.Synchronize(cancellation) : () => { };
        var builds = compressions.Select(c => new CacheBuild(apart).Begin(() =>
            new PromptCompactor(c, prompt, positions, decoder.Layers, options.AnswerRoom, wait, first))).ToList();
        try
        {
            for (var layer = 0; layer < decoder.Layers; layer++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var step = NewDisposeScope();
                var (heads, seen) = See(layer, hidden);
                foreach (var build in builds)
                {
                    cancellation.ThrowIfCancellationRequested();
                    build.Add(seen);
                }

                // Behind the last layer only the last token is asked for.
                var start = layer == decoder.Layers - 1 && trace is null ? read - 1 : 0;
                var count = read - start;
                var attended = before is null && start == 0 ? TextDecoder.Attend(heads) : TextDecoder.Attend(seen.Queries.narrow(1, start, count), seen.Keys, seen.Values);
                decoder.Finish(layer, hidden.narrow(0, start, count), attended, options.ChunkTokens);
                trace?.Invoke($"layer{layer}", hidden);
            }

            cancellation.ThrowIfCancellationRequested();
            var logits = decoder.Logits(hidden.narrow(0, read - 1, 1));
            if (builds.Exists(b => b.HoldsLayers))
                decoder.Compute.Synchronize(cancellation);
            builds.ForEach(b => b.Finish(cancellation));
            // Copies leave the scope when all of them are there: a lack of memory leaves none behind.
            var copies = builds.ConvertAll(_ => logits.clone());
            var outcomes = builds.Zip(copies, (b, copy) => b.Outcome(f =>
                new PrefillResult(f.Cache, copy, positions.NextPosition, f.Selection) { Answer = f.Answer })).ToList();
            outcomes.ForEach(o => o.Result?.Logits.DetachFromDisposeScope());
            return outcomes;
        }
        catch
        {
            builds.ForEach(b => b.Abandon());
            throw;
        }
        finally
        {
            builds.ForEach(b => b.Dispose());
        }

        // What a layer shows when it is fed the residual stream, and when it is asked what it would show of the embeddings alone.
        (ProjectedHeads Heads, LayerInput Seen) See(int layer, Tensor input)
        {
            var (heads, inputs) = decoder.Project(layer, input, angles);
            var (queries, keys, values) = heads;
            if (before is null)
            {
                return (heads, new LayerInput(queries, keys, values, new TokenNorms(inputs, input), prompt, shared, layer)
                {
                    MakeFedByEmbeddings = () => See(layer, shared.GetOrAdd("embeddings", () => Embed(prompt, 0, screens))).Seen,
                });
            }

            using var kept = before.Layers[layer];
            var (allKeys, allValues, earlier) = kept.Join(keys, values);
            return (heads, new LayerInput(queries, allKeys, allValues, new TokenNorms(inputs, input, earlier.Count), prompt, shared, layer) { Earlier = earlier });
        }
    }

    /// <summary>Embeddings of the tokens from <paramref name="first"/> on, with the screenshots' in their places, [L − first, D].</summary>
    /// <exception cref="StarKvException">There are more or fewer screenshots than frames.</exception>
    private Tensor Embed(TokenMap prompt, int first, IReadOnlyList<Tensor> screens)
    {
        var frames = prompt.Frames.Where(f => f.Start >= first).ToList();
        if (frames.Count != screens.Count)
            throw new StarKvException($"There are {frames.Count} screenshots among the tokens to read, but {screens.Count} were given.");
        var hidden = decoder.Embed(HostTensor.Of(prompt.ToLongIds(), decoder.Compute.Device).narrow(0, first, prompt.Length - first));
        foreach (var (frame, screen) in frames.Zip(screens))
            hidden.narrow(0, frame.Start - first, frame.Length).copy_(screen);
        return hidden;
    }
}
