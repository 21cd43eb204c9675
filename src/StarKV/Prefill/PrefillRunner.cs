using System.Diagnostics;
using StarKV.Cache;
using StarKV.Models.Qwen25Vl;
using StarKV.Score;
using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>How a prompt is read.</summary>
public sealed record PrefillOptions
{
    /// <value>The compression method; default <see cref="Score.Full"/>.</value>
    public ICompressionMethod Method { get; init; } = new Full();

    /// <value>How much of the cache is kept; default everything.</value>
    public KvBudget Budget { get; init; } = KvBudget.All;

    /// <value>Tokens that go through an MLP together, at least 1; bounds the largest temporary and changes no result. Default 4,096.</value>
    public int ChunkTokens { get; init; } = 4096;

    /// <value>Rows set aside in the cache for the answer; default 64.</value>
    public int AnswerRoom { get; init; } = 64;

    /// <value>Waits for the device around every selection, so that its time is measured on CUDA too; slows the prefill. Default false.</value>
    public bool MeasureSelection { get; init; }
}

/// <summary>What a prefill leaves: the cache and the logits of the first answer token. The caller owns both.</summary>
/// <param name="Cache">The compressed cache.</param>
/// <param name="Logits">Logits of the prompt's last token, [1, vocabulary], float32.</param>
/// <param name="NextPosition">The position of the first answer token: it follows the prompt's own positions, however much was dropped.</param>
/// <param name="Selection">Time spent on scoring, selecting and compacting.</param>
public sealed record PrefillResult(KvCache Cache, Tensor Logits, long NextPosition, TimeSpan Selection) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Cache.Dispose();
        Logits.Dispose();
    }
}

/// <summary>Reads a prompt layer by layer; each layer's cache is compacted before the next layer is computed.</summary>
/// <param name="decoder">The text decoder.</param>
public sealed class PrefillRunner(TextDecoder decoder)
{
    /// <summary>Reads a prompt whose screenshots are already encoded.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="screens">Embeddings of each frame's merged cells, [cells, D], oldest first; borrowed.</param>
    /// <param name="options">Method, budget and sizes.</param>
    /// <param name="memory">What the method remembers of earlier prefills; updated.</param>
    /// <param name="trace">Called with the residual stream after each layer, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every layer.</param>
    public PrefillResult Run(
        TokenMap prompt, IReadOnlyList<Tensor> screens, PrefillOptions options, LayerMemory memory,
        Action<string, Tensor>? trace = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var positions = MRopePositions.Compute(prompt);
        var angles = decoder.Rotary.Angles(tensor(positions.Flat.ToArray()).view(3, prompt.Length));
        var hidden = Embed(prompt, screens);
        trace?.Invoke("inputs_embeds", hidden);
        using var shared = new PromptTensors(decoder.Compute.Device);
        var cache = new KvCache(prompt, positions);
        var selection = new Stopwatch();
        try
        {
            for (var layer = 0; layer < decoder.Layers; layer++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var step = NewDisposeScope();
                var (queries, keys, values, inputs) = decoder.Project(layer, hidden, angles);
                var attended = TextDecoder.Attend(queries, keys, values);
                Time(selection, options.MeasureSelection, () =>
                {
                    var seen = new LayerInput(queries, keys, values, inputs, hidden, prompt, shared, layer, decoder.Layers);
                    var kept = Selector.Select(options.Method, options.Budget, seen, memory);
                    cache.Add(new KvLayer(keys, values, kept, options.AnswerRoom));
                });
                decoder.Finish(layer, hidden, attended, options.ChunkTokens);
                trace?.Invoke($"layer{layer}", hidden);
            }

            var logits = decoder.Logits(hidden.narrow(0, prompt.Length - 1, 1)).MoveToOuterDisposeScope();
            return new PrefillResult(cache, logits.DetachFromDisposeScope(), positions.NextPosition, selection.Elapsed);
        }
        catch
        {
            cache.Dispose();
            throw;
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

    private void Time(Stopwatch watch, bool synchronize, Action work)
    {
        if (synchronize)
            decoder.Compute.Synchronize();
        watch.Start();
        work();
        if (synchronize)
            decoder.Compute.Synchronize();
        watch.Stop();
    }
}
