using StarKV.Budget;
using StarKV.Cache;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Select;
using static TorchSharp.torch;

namespace StarKV.Compact;

/// <summary>
/// Keeps a cache from growing with its answer: every so many tokens each
/// layer goes back to the rows that it held when the prompt had been read.
/// Prompt and answer compete; the last queries, the prompt's at first, then the answer's own,
/// are the observation window, which the layer holds.
/// </summary>
internal sealed class AnswerCompactor(ICompressionMethod method, int window, int interval, KvCache cache) : IDisposable
{
    // A separate memory: what the method learns from prompts is not mixed with what half an answer shows.
    private readonly LayerMemory _memory = LayerMemory.OfOneAnswer();

    /// <summary>Compacts the cache when <paramref name="tokens"/> answer tokens make another interval full.</summary>
    /// <param name="tokens">Answer tokens so far.</param>
    /// <param name="cancellation">Checked before every layer; the cache is of no use afterwards.</param>
    public void OnTokenWritten(int tokens, CancellationToken cancellation = default)
    {
        if (tokens % interval != 0)
            return;
        using var prompt = new PromptTensors(cache.Layers[0].PeekWindow()!.device);
        for (var i = 0; i < cache.Layers.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var layer = cache.Layers[i];
            if (layer.KeepsWholePrompt || KeepPlan.OfRows(layer.PromptRows, window, layer.Length) is not { } plan)
                continue;
            using var scope = NewDisposeScope();
            layer.Keep(Selector.Select(method, plan, Observe(layer, i, plan, prompt), _memory));
        }
    }

    private LayerObservation Observe(KvLayer layer, int index, KeepPlan plan, PromptTensors prompt) => new()
    {
        Queries = layer.PeekWindow()!.narrow(1, window - plan.Window, plan.Window),
        Keys = layer.PeekKeys(),
        Values = layer.PeekValues(),
        Tokens = cache.Prompt,
        Prompt = prompt,
        Layer = index,
        Capacity = plan.Rows,
        TokenOfRow = layer.TokenOfRow(),
        KeptRows = layer.Length,
    };

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
