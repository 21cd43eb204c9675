using StarKV.Cache;
using StarKV.Compact;
using StarKV.Models;
using StarKV.Models.Layers;
using StarKV.Observe;
using StarKV.Runtime;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>
/// One reading of a prompt, or of a step after a cache, layer by layer: its holder decides when the next layer is computed, so that other
/// work fits in between.
/// </summary>
/// <remarks>
/// Each layer's cache is compacted before the next layer is computed, unless the method needs all layers first. After an error the run can
/// only be disposed.
/// Not thread-safe: it belongs on the inference thread.
/// </remarks>
internal sealed class PrefillRun : IDisposable
{
    private readonly TextDecoder _decoder;
    private readonly IEarlierTokens? _before;
    private readonly TokenMap _prompt;
    private readonly IReadOnlyList<ScreenFeatures> _screens;
    private readonly PrefillOptions _options;
    private readonly Action<string, Tensor>? _trace;
    private readonly MRopePositions _positions;
    private readonly int _first, _count;
    private readonly BranchTokens _branches;
    private readonly List<FrameSpan> _newFrames = [];
    private readonly List<CacheBuild> _builds = [];
    private readonly PromptTensors _shared;
    private RotaryAngles _angles;
    private Tensor _hidden;
    private int _layer;
    private bool _computing, _finished;
    private CancellationToken _cancellation;

    /// <summary>Starts a reading: embeds the tokens; no layer is computed yet.</summary>
    /// <param name="decoder">The text decoder.</param>
    /// <param name="before">The tokens that this reading goes on from; taken. Null reads the whole prompt.</param>
    /// <param name="prompt">All tokens.</param>
    /// <param name="screens">Features of each new frame, oldest first; borrowed until the run is disposed.</param>
    /// <param name="compressions">Method, budget and memory of each cache to build.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="apart">
    /// Whether a cache that fails keeps its error and leaves the others as they are; else its error ends the run.
    /// </param>
    /// <param name="trace">Called with the residual stream after each layer, for conformance checks; usually null.</param>
    /// <param name="positions">The tokens' rotary positions; null as a whole prompt of these tokens has them.</param>
    /// <exception cref="StarKvException">
    /// The sequence does not continue the cache, is longer than the model's positions, or has other frames than <paramref name="screens"/>.
    /// </exception>
    public PrefillRun(
        TextDecoder decoder, IEarlierTokens? before, TokenMap prompt, IReadOnlyList<ScreenFeatures> screens,
        IReadOnlyList<Compression> compressions,
        PrefillOptions options, bool apart, Action<string, Tensor>? trace = null, MRopePositions? positions = null)
    {
        (_decoder, _before, _prompt, _screens) = (decoder, before, prompt, screens);
        (_options, _trace) = (options, trace);
        _shared = new PromptTensors(decoder.Compute.Device);
        using var scope = NewDisposeScope();
        try
        {
            _first = before?.First(prompt) ?? 0;
            _count = prompt.Length - _first;
            _newFrames.AddRange(prompt.Frames.Where(f => f.Start >= _first));
            _positions = positions ?? decoder.Positions(prompt);
            ContextLength.Check(decoder.MaxPositions, _positions);
            _branches = new BranchTokens(compressions);
            _angles = decoder.Rotary.Angles(
                HostTensor.Of(_branches.Positions(_positions, _first), decoder.Compute.Device).view(3, _count + _branches.Count));
            _hidden = Embed();
            Trace("inputs_embeds");
            foreach (var compression in compressions)
            {
                var build = new CacheBuild(apart);
                _builds.Add(build);
                build.Begin(() => Compactor(compression));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        // Only now: of a reading that could not be started, for lack of memory, nothing may stay.
        foreach (var tensor in Own())
            tensor.DetachFromDisposeScope();
    }

    /// <summary>Layers computed so far.</summary>
    public int Layer => _layer;

    /// <summary>Layers of the whole reading.</summary>
    public int Layers => _decoder.Layers;

    /// <summary>Computes the next layer and takes it into every cache; false, with nothing done, when all layers are computed.</summary>
    /// <param name="cancellation">Checked before the layer and before every selection.</param>
    public bool MoveNext(CancellationToken cancellation = default)
    {
        if (_layer == Layers)
            return false;
        if (_computing)
            throw new InvalidOperationException($"The reading ended with an error in layer {_layer}; start another.");
        (_computing, _cancellation) = (true, cancellation);
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var fresh = Project(_hidden);
        var joined = Join(fresh);
        var branches = _branches.Count > 0 ? new BranchLayer(_branches, fresh, joined.Seen) : null;
        foreach (var (cache, build) in _builds.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            build.Add(joined.Seen with { Branches = branches?.Of(cache) });
        }

        Finish(fresh, joined, branches);
        AddFeatures();
        Trace($"layer{_layer}");
        _layer++;
        _computing = false;
        return true;
    }

    /// <summary>The caches and the first logits, once all layers are computed; the caller owns them.</summary>
    /// <param name="cancellation">Checked first, and before every layer that was held back.</param>
    /// <returns>One outcome per compression, in their order.</returns>
    public IReadOnlyList<PrefillOutcome> Finish(CancellationToken cancellation = default)
    {
        if (_layer < Layers || _finished)
            throw new InvalidOperationException($"{_layer} of {Layers} layers are computed; a reading is " +
                $"finished once, after all of them.");
        _cancellation = cancellation;
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        _before?.Complete();
        var logits = _decoder.Logits(_hidden.narrow(0, _count - 1, 1));
        if (_builds.Exists(b => b.HoldsLayers))
            _decoder.Compute.Synchronize(cancellation);
        _builds.ForEach(b => b.WriteDraft((cache, tokens) => WriteDraft(cache, tokens, logits), cancellation));
        _builds.ForEach(b => b.Finish(cancellation));
        // Copies leave the scope when all of them are there: a lack of memory leaves none behind.
        var copies = _builds.ConvertAll(_ => logits.clone());
        var outcomes = _builds.Zip(copies, (b, copy) => b.Outcome(f =>
            new PrefillResult(f.Cache, copy, _positions.NextPosition, f.Selection)
            {
                AnswerCompactor = f.Answer,
                Draft = b.Draft?.Report,
                DraftTime = b.Draft?.Time ?? TimeSpan.Zero,
            })).ToList();
        outcomes.ForEach(o => o.Result?.Logits.DetachFromDisposeScope());
        _finished = true;
        return outcomes;
    }

    /// <summary>Frees what the reading holds; the caches too, unless <see cref="Finish(CancellationToken)"/> has given them away.</summary>
    public void Dispose()
    {
        if (!_finished)
            _builds.ForEach(b => b.Abandon());
        _builds.ForEach(b => b.Dispose());
        _shared.Dispose();
        foreach (var tensor in Own())
            tensor.Dispose();
        _before?.Dispose();
    }

    private PromptCompactor Compactor(Compression compression)
    {
        var compactor = new PromptCompactor(compression, _prompt, _positions, _decoder.Layers, _options.AnswerRoom, Wait, _first);
        return !compactor.WantsDraft || _options.Drafts is not null
            ? compactor
            : throw new StarKvException(
                $"{compression.Name} looks at a draft of the answer; give PrefillOptions.Drafts one that writes it, a DraftWriter.");
    }

    private IReadOnlyList<int> WriteDraft(KvCache cache, int tokens, Tensor logits) =>
        _options.Drafts!.Write(new PrefillResult(cache, logits, _positions.NextPosition, TimeSpan.Zero), tokens, _cancellation);

    /// <summary>What the next layer shows of the tokens that are read when it is fed a residual stream, [n + m, D].</summary>
    private NewLayer Project(Tensor input)
    {
        var (heads, inputs) = _decoder.Project(_layer, input, _angles);
        return new NewLayer(
            heads with { Tokens = _count }, inputs.narrow(0, 0, _count), input.narrow(0, 0, _count), _prompt, _shared, _layer);
    }

    /// <summary>The layer's attention and MLP, written over the residual stream; of the last layer for the last token alone.</summary>
    private void Finish(NewLayer fresh, JoinedLayer joined, BranchLayer? branches)
    {
        var onlyLast = _layer == Layers - 1 && _trace is null;
        Tensor attended;
        if (_first == 0 && !onlyLast)
        {
            // The branches' rows are computed with the others, and written over: that costs less than to put two results together.
            attended = TextDecoder.Attend(fresh.Heads with { Tokens = _count + _branches.Count });
            if (branches is not null)
                attended.narrow(0, _count, _branches.Count).copy_(branches.Attend(joined.Seen.Keys, joined.Seen.Values));
        }
        else
        {
            var (keys, values) = joined.Attended(_builds is [var only] ? only.Layer(_layer) : null);
            attended = onlyLast
                ? TextDecoder.Attend(fresh.Heads.Queries.narrow(1, _count - 1, 1), keys, values)
                : TextDecoder.Attend(fresh.Heads, keys, values);
            if (branches is not null && !onlyLast)
                attended = cat([attended, branches.Attend(keys, values)], 0);
        }

        var hidden = onlyLast ? _hidden.narrow(0, _count - 1, 1) : _hidden;
        _decoder.Finish(_layer, hidden, attended, _options.ChunkTokens);
    }

    private void Trace(string name) => _trace?.Invoke(name, _hidden.narrow(0, 0, _count));

    /// <summary>The layer's earlier rows and the new ones.</summary>
    private JoinedLayer Join(NewLayer fresh)
    {
        var joined = _before?.Join(fresh) ?? fresh.Alone();
        return _first > 0 ? joined : joined with
        {
            Seen = joined.Seen with { MakeFedByEmbeddings = () => Project(_shared.GetOrAdd(new EmbeddingsKey(), Embed)).Alone().Seen },
        };
    }

    /// <summary>Adds what the vision tower gives to this layer's output at the screenshots' tokens.</summary>
    private void AddFeatures()
    {
        foreach (var (frame, screen) in _newFrames.Zip(_screens))
        {
            if (_layer < screen.LayerAdditions.Count)
                _hidden.narrow(0, frame.Start - _first, frame.Length).add_(screen.LayerAdditions[_layer]);
        }
    }

    /// <summary>Embeddings of the tokens to read, with the screenshots' in their places, and of the branches, [n + m, D].</summary>
    private Tensor Embed()
    {
        if (_newFrames.Count != _screens.Count)
        {
            throw new StarKvException(
                $"There are {_newFrames.Count} screenshots among the tokens to read, but {_screens.Count} were given.");
        }

        var hidden = _decoder.Embed(HostTensor.Of([.. _prompt.ToLongIds().Skip(_first), .. _branches.Ids], _decoder.Compute.Device));
        foreach (var (frame, screen) in _newFrames.Zip(_screens))
            hidden.narrow(0, frame.Start - _first, frame.Length).copy_(screen.Embeddings);
        return hidden;
    }

    // Where a selection's time is measured, the device has to be waited for.
    private void Wait()
    {
        if (_options.MeasureSelection)
            _decoder.Compute.Synchronize(_cancellation);
    }

    private IEnumerable<Tensor> Own() => new[] { _hidden, _angles.Cos, _angles.Sin }.Where(t => t is not null);

    /// <summary>The prompt's embeddings among its shared tensors.</summary>
    private sealed record EmbeddingsKey;
}
