using StarKV.Compact;
using StarKV.Models.Qwen25Vl;
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
    /// <param name="cancellation">Checked before every layer.</param>
    public PrefillResult Run(
        TokenMap prompt, IReadOnlyList<Tensor> screens, Compression compression, PrefillOptions? options = null,
        Action<string, Tensor>? trace = null, CancellationToken cancellation = default) =>
        Run(prompt, screens, [compression], options, trace, cancellation)[0];

    /// <summary>Reads a prompt once and compresses it in several ways: the prefill attends to everything, so what is kept does not change it.</summary>
    /// <inheritdoc cref="Run(TokenMap, IReadOnlyList{Tensor}, Compression, PrefillOptions?, Action{string, Tensor}?, CancellationToken)"/>
    /// <returns>One result for each compression, in their order.</returns>
    public IReadOnlyList<PrefillResult> Run(
        TokenMap prompt, IReadOnlyList<Tensor> screens, IReadOnlyList<Compression> compressions, PrefillOptions? options = null,
        Action<string, Tensor>? trace = null, CancellationToken cancellation = default)
    {
        options ??= new PrefillOptions();
        using var scope = NewDisposeScope();
        var positions = decoder.Positions(prompt);
        var angles = decoder.Rotary.Angles(tensor(positions.Flat.ToArray()).view(3, prompt.Length));
        var hidden = Embed(prompt, screens);
        trace?.Invoke("inputs_embeds", hidden);
        using var shared = new PromptTensors(decoder.Compute.Device);
        Action wait = options.MeasureSelection ? decoder.Compute.Synchronize : () => { };
        var compactors = compressions.Select(c => new PromptCompactor(c, prompt, positions, decoder.Layers, options.AnswerRoom, wait)).ToList();
        try
        {
            for (var layer = 0; layer < decoder.Layers; layer++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var step = NewDisposeScope();
                var seen = See(layer, hidden);
                compactors.ForEach(c => c.Add(seen));
                // Behind the last layer only the prompt's last token is asked for.
                var start = layer == decoder.Layers - 1 && trace is null ? prompt.Length - 1 : 0;
                var count = prompt.Length - start;
                decoder.Finish(layer, hidden.narrow(0, start, count), TextDecoder.Attend(seen.Queries.narrow(1, start, count), seen.Keys, seen.Values), options.ChunkTokens);
                trace?.Invoke($"layer{layer}", hidden);
            }

            var logits = decoder.Logits(hidden.narrow(0, prompt.Length - 1, 1));
            return [.. compactors.Select(Result)];

            PrefillResult Result(PromptCompactor compactor)
            {
                var (cache, answer, selection) = compactor.Finish();
                return new PrefillResult(cache, logits.clone().DetachFromDisposeScope(), positions.NextPosition, selection) { Answer = answer };
            }
        }
        catch
        {
            compactors.ForEach(c => c.Abandon());
            throw;
        }
        finally
        {
            compactors.ForEach(c => c.Dispose());
        }

        // What a layer shows when it is fed the residual stream, and when it is asked what it would show of the embeddings alone.
        LayerInput See(int layer, Tensor input)
        {
            var (queries, keys, values, inputs) = decoder.Project(layer, input, angles);
            return new LayerInput(queries, keys, values, new TokenNorms(inputs, input), prompt, shared, layer)
            {
                Unchained = () => See(layer, shared.Once("embeddings", () => Embed(prompt, screens))),
            };
        }
    }

    /// <summary>Token embeddings with the screenshots' embeddings in their places, [L, D].</summary>
    private Tensor Embed(TokenMap prompt, IReadOnlyList<Tensor> screens)
    {
        var hidden = decoder.Embed(tensor(prompt.ToLongIds()).to(decoder.Compute.Device));
        foreach (var (frame, screen) in prompt.Frames.Zip(screens))
            hidden.narrow(0, frame.Start, frame.Length).copy_(screen);
        return hidden;
    }
}
