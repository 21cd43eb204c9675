using System.Diagnostics;
using StarKV.Budget;
using StarKV.Cache;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Compact;

/// <summary>
/// Builds the compressed cache of one prompt, or of a step after a cache, as its layers
/// are read; layers whose budget depends on all of them, or whose method looks at a draft, are held until the last.
/// </summary>
internal sealed class PromptCompactor : IDisposable
{
    private readonly Compression _compression;
    private readonly LayerMemory _memory;
    private readonly TokenMap _prompt;
    private readonly int _window, _layers, _room;
    private readonly Action _wait;
    private readonly KvCache _cache;
    private readonly AnswerCompactor? _answer;
    private readonly IReadOnlyList<KeepPlan?>? _plans;
    private readonly DraftCompactor? _draft;
    private readonly List<LayerInput> _held = [];
    private readonly List<Tensor> _measures = [];
    private readonly Stopwatch _watch = new();
    private MemoryUse? _use;

    /// <summary>Starts a cache.</summary>
    /// <param name="compression">Method, budget and memory.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="positions">Its rotary positions.</param>
    /// <param name="layers">Layers to come.</param>
    /// <param name="room">Rows to set aside for the answer.</param>
    /// <param name="wait">Called before and after each piece of work; waits for the device where its time is to be measured.</param>
    /// <param name="first">
    /// The first token that is read: 0 (default) for the whole prompt, else the first after the cache. The window is among the tokens read.
    /// </param>
    public PromptCompactor(
        Compression compression, TokenMap prompt, MRopePositions positions, int layers, int room, Action wait, int first = 0)
    {
        (_compression, _prompt, _layers, _room, _wait) = (compression, prompt, layers, room, wait);
        _memory = compression.Memory ?? LayerMemory.OfOneAnswer();
        _window = WindowOf(compression, prompt, first);
        _plans = Plans(compression, prompt, layers, _window);
        _cache = new KvCache(prompt, positions);
        _answer = compression.Method.AnswerInterval is { } interval
            ? new AnswerCompactor(compression.Method, _window, interval, _cache)
            : null;
        if (DraftFor(compression, _plans) is { } draft)
            _draft = new DraftCompactor(draft, compression, prompt, positions, layers, first);
    }

    /// <summary>
    /// Says before anything is read whether a compression fits a whole prompt, as far as its layers need not be measured for that.
    /// </summary>
    /// <exception cref="StarKvException">The budget does not hold what the method must keep.</exception>
    public static void Check(Compression compression, TokenMap prompt, int layers)
    {
        var plans = Plans(compression, prompt, layers, WindowOf(compression, prompt, 0));
        if (DraftFor(compression, plans) is { } draft)
            Check(DraftCompactor.Of(draft, compression), prompt, layers);
    }

    /// <summary>Whether the layers of a prompt of so many tokens will be held until all have been read.</summary>
    public static bool WillHoldLayers(Compression compression, int tokens) =>
        (compression.Method.LayerBudget.NeedsMeasures || compression.Method.Draft is not null)
        && compression.Budget.Capacity(tokens) < tokens;

    /// <summary>True when the layers are held until all have been read: <see cref="Finish"/> then waits for the device.</summary>
    public bool HoldsLayers => _plans is null || WantsDraft;

    /// <summary>True when <see cref="WriteDraft"/> is to be called before <see cref="Finish"/>.</summary>
    public bool WantsDraft => _draft is not null;

    /// <summary>The draft and the time that writing it took; null where there is none.</summary>
    public (DraftReport Report, TimeSpan Time)? Draft => _draft?.Report is { } report ? (report, _draft.Time) : null;

    /// <summary>A layer of the cache, borrowed; null while the layers are held.</summary>
    /// <param name="layer">Layer index from 0, taken in before.</param>
    public KvLayer? Layer(int layer) => HoldsLayers ? null : _cache.Layers[layer];

    /// <summary>Takes in the next layer, borrowed.</summary>
    public void Add(LayerInput layer) => Timed(() =>
    {
        _use ??= _memory.Use();
        if (!HoldsLayers)
        {
            Compact(layer, _plans![layer.Layer]);
            return;
        }

        using var scope = NewDisposeScope();
        if (_plans is null)
            _measures.Add(_compression.Method.LayerBudget.Measure(layer.Observe(_window, layer.Rows)).DetachFromDisposeScope());
        _draft?.Add(layer);
        _held.Add(layer.Held(_window));
    });

    /// <summary>Has the draft written that the method looks at; nothing where it asks for none.</summary>
    /// <inheritdoc cref="DraftCompactor.Write"/>
    public void WriteDraft(Func<KvCache, int, IReadOnlyList<int>> write, CancellationToken cancellation) =>
        _draft?.Write(write, _held.Sum(l => l.NBytes), cancellation);

    /// <summary>
    /// The finished cache, which the caller then owns, what compresses it further
    /// during the answer, and the time that selection and compaction took.
    /// </summary>
    /// <param name="cancellation">Checked before every layer that was held back.</param>
    public (KvCache Cache, AnswerCompactor? Answer, TimeSpan Selection) Finish(CancellationToken cancellation = default)
    {
        if (HoldsLayers)
            Timed(() => CompactHeld(cancellation));
        return (_cache, _answer, _watch.Elapsed);
    }

    /// <summary>Says that the prompt has been read: the memory keeps what the method has learned from it.</summary>
    public void Remember() => _use?.Complete();

    /// <summary>Frees what was held, not the cache.</summary>
    public void Dispose()
    {
        _use?.Dispose();
        _draft?.Dispose();
        _held.ForEach(layer => layer.Dispose());
        _held.Clear();
        _measures.ForEach(m => m.Dispose());
        _measures.Clear();
        if (_compression.Memory is null)
            _memory.Dispose();
    }

    /// <summary>Frees everything: the prompt was not read to its end.</summary>
    public void Abandon()
    {
        Dispose();
        _answer?.Dispose();
        _cache.Dispose();
    }

    private void CompactHeld(CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        foreach (var (layer, plan) in _held.Zip(_plans ?? Divide(_compression, _prompt, _layers, _window, Measures())))
        {
            cancellation.ThrowIfCancellationRequested();
            Compact(layer with { DraftQueries = _draft?.PeekQueries(layer.Layer) }, plan);
            layer.Dispose();
        }

        _held.Clear();
    }

    private double[] Measures() => stack(_measures).to(ScalarType.Float64).cpu().data<double>().ToArray();

    /// <summary>The draft that the method asks for; null where nothing is dropped, and there is nothing to choose.</summary>
    private static DraftRequest? DraftFor(Compression compression, IReadOnlyList<KeepPlan?>? plans) =>
        plans is null || plans.Any(p => p is not null) ? compression.Method.Draft : null;

    private static int WindowOf(Compression compression, TokenMap prompt, int first) =>
        Math.Clamp(compression.Method.Window(prompt), 1, Math.Max(1, prompt.Length - Math.Max(1, first)));

    /// <summary>
    /// What each layer keeps; null when that is not known before all layers
    /// are measured. Where everything fits there is nothing to measure.
    /// </summary>
    private static IReadOnlyList<KeepPlan?>? Plans(Compression compression, TokenMap prompt, int layers, int window)
    {
        var fits = compression.Budget.Capacity(prompt.Length) >= prompt.Length;
        return compression.Method.LayerBudget.NeedsMeasures && !fits ? null : Divide(compression, prompt, layers, window, []);
    }

    private static IReadOnlyList<KeepPlan?> Divide(Compression compression, TokenMap prompt, int layers, int window, double[] measures) =>
        compression.Method.LayerBudget.Divide(compression.Budget, window, prompt, layers, measures);

    private void Compact(LayerInput layer, KeepPlan? plan)
    {
        // After a cache there may be fewer rows than the budget of all tokens seen.
        using var kept = plan is { } p && p.Rows <= layer.Rows ? Kept(layer.Observe(p.Window, p.Rows), p) : null;
        var held = new KvLayer(layer.Keys, layer.Values, kept, _room, layer.Earlier, _prompt.Length);
        _cache.Add(held);
        if (_answer is not null)
            held.OpenWindow(layer.LastQueries(_window));
    }

    private Tensor Kept(in LayerObservation observation, KeepPlan plan)
    {
        var kept = Selector.Select(_compression.Method, plan, observation, _memory);
        return kept.shape[0] > 1 || observation.TokenOfRow is not { } tokens || tokens.shape[0] == 1
            ? kept
            : throw observation.HeadsDiffer();
    }

    private void Timed(Action work)
    {
        _wait();
        _watch.Start();
        work();
        _wait();
        _watch.Stop();
    }
}
