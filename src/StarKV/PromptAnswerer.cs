using System.Diagnostics;
using StarKV.Account;
using StarKV.Act;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Text;

namespace StarKV;

/// <summary>
/// From a prompt to answers: vision, one prefill, then an answer from the cache of each compression. Belongs on the inference thread.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its vocabulary.</param>
/// <param name="defaults">The folder's generation_config.json.</param>
/// <param name="seen">Screenshots encoded before.</param>
internal sealed class PromptAnswerer(IVisionLanguageModel model, QwenTokenizer tokenizer, GenerationConfig defaults, ScreenCache seen)
{
    private readonly int _turnEnd = tokenizer.IdOf(Markers.TurnEnd);

    /// <summary>
    /// What became of each cache, in the order of the compressions: one that fails, because it does not fit or otherwise, leaves the others
    /// as they are.
    /// </summary>
    /// <param name="input">The prompt.</param>
    /// <param name="cancellation">Checked before every layer, selection and token.</param>
    public IReadOnlyList<CacheOutcome> AnswerEach(PreparedPrompt input, CancellationToken cancellation)
    {
        var compressions = input.Request.Compressions;
        cancellation.ThrowIfCancellationRequested();
        // What cannot fit is known before anything is read.
        var outcomes = compressions.Select(c => Unfit(c, input.Prompt)).ToArray();
        var fit = Enumerable.Range(0, outcomes.Length).Where(i => outcomes[i] is null).ToList();
        if (fit.Count > 0)
        {
            var read = Read(input, [.. fit.Select(i => compressions[i])], cancellation);
            foreach (var (i, outcome) in fit.Zip(read))
                outcomes[i] = outcome;
        }

        return outcomes!;
    }

    private IReadOnlyList<CacheOutcome> Read(PreparedPrompt input, IReadOnlyList<Compression> compressions, CancellationToken cancellation)
    {
        var options = input.Request.Options;
        using var scope = TorchSharp.torch.NewDisposeScope();
        var watch = Stopwatch.StartNew();
        var screens = new ScreenEncoder(model.Vision, seen).Encode(input.Images, cancellation);
        model.Compute.Synchronize(cancellation);
        var vision = watch.Elapsed;
        var reading = new PrefillOptions
        {
            ChunkTokens = options.ChunkTokens,
            AnswerRoom = Math.Min(options.Generation.MaxNewTokens, 64),
            MeasureSelection = options.MeasureTimes,
            Drafts = Drafts(options.Generation),
        };
        var runner = new PrefillRunner(model.Text);
        compressions = [.. compressions.Select(c => c.For(tokenizer, input.Answers))];
        // What is done once, such as compiling, would be counted as the time of whichever method comes first.
        if (options.MeasureTimes)
            Dispose(runner.RunEach(input.Prompt, screens, [.. compressions.Select(c => c with { Memory = null })], reading, cancellation));
        watch.Restart();
        var outcomes = runner.RunEach(input.Prompt, screens, compressions, reading, cancellation);
        try
        {
            model.Compute.Synchronize(cancellation);
            var times = new StageTimes { Preprocess = input.Preprocess, Vision = vision, Prefill = watch.Elapsed };
            var prefills = outcomes.Select(o => o.Result).OfType<PrefillResult>().ToList();
            // Answers that compress their own cache are written alone; so are those whose times are looked at.
            var alone = options.MeasureTimes || prefills.Count <= 1 || prefills.Any(p => p.AnswerCompactor is not null);
            var answers = new Queue<CacheOutcome>(alone
                ? prefills.Select(p => DecodeAlone(input, p, times, cancellation)).ToList()
                : DecodeTogether(input, prefills, times, cancellation));
            return [.. outcomes.Select(o => o.Error is { } error ? new CacheOutcome(error) : answers.Dequeue())];
        }
        finally
        {
            Dispose(outcomes);
        }

        static void Dispose(IReadOnlyList<PrefillOutcome> results)
        {
            foreach (var result in results)
                result.Result?.Dispose();
        }
    }

    /// <summary>Whether a compression cannot fit a prompt, which is known before it is read.</summary>
    private CacheOutcome? Unfit(Compression compression, TokenMap prompt)
    {
        try
        {
            PromptCompactor.Check(compression, prompt, model.Text.Layers);
            return null;
        }
        catch (Exception e)
        {
            return new CacheOutcome(e);
        }
    }

    private CacheOutcome DecodeAlone(PreparedPrompt input, PrefillResult prefill, StageTimes times, CancellationToken cancellation)
    {
        try
        {
            return Decode(input, prefill, times, cancellation);
        }
        catch (Exception e) when (input.Request.OnText is null && e is not OperationCanceledException)
        {
            return new CacheOutcome(e);
        }
    }

    /// <summary>Writes an answer on a cache, which grows by it.</summary>
    /// <param name="input">The prompt.</param>
    /// <param name="prefill">Its cache and first logits; borrowed.</param>
    /// <param name="times">The times of the stages before.</param>
    /// <param name="cancellation">Checked before every token.</param>
    public CacheOutcome Decode(PreparedPrompt input, PrefillResult prefill, StageTimes times, CancellationToken cancellation)
    {
        var generation = input.Request.Options.Generation;
        // Read before the answer's rows are added.
        var (kv, kept) = (KvReport.Of(prefill.Cache), KeptTokens.Of(prefill.Cache));
        var watch = Stopwatch.StartNew();
        using var sampler = Sampler(input, prefill, generation);
        var written = new TokenLoop(model.Text).Run(
            prefill, sampler, generation, IsEnd, new StreamingDecoder(tokenizer), input.Request.OnText, cancellation: cancellation);
        return new CacheOutcome(
            Answer(input, written, kv, kept, Times(times, prefill, watch.Elapsed), prefill.Draft), kept);
    }

    /// <summary>All answers at once; the time of each is that of all.</summary>
    private IReadOnlyList<CacheOutcome> DecodeTogether(
        PreparedPrompt input, IReadOnlyList<PrefillResult> prefills, StageTimes times, CancellationToken cancellation)
    {
        var generation = input.Request.Options.Generation;
        var held = prefills.Select(p => (Kv: KvReport.Of(p.Cache), Kept: KeptTokens.Of(p.Cache))).ToList();
        var watch = Stopwatch.StartNew();
        var samplers = new List<Sampler>();
        try
        {
            samplers.AddRange(prefills.Select(p => Sampler(input, p, generation)));
            var writers = samplers.Select(s => new AnswerWriter(s, generation, IsEnd, new StreamingDecoder(tokenizer), null)).ToList();
            var batch = new DecodeBatch(model.Text);
            batch.Join(prefills, writers);
            while (batch.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                batch.Step();
            }

            var decode = watch.Elapsed;
            return [.. prefills.Select((p, i) =>
                new CacheOutcome(
                    Answer(input, writers[i].Finished!, held[i].Kv, held[i].Kept, Times(times, p, decode), p.Draft), held[i].Kept))];
        }
        finally
        {
            samplers.ForEach(s => s.Dispose());
        }
    }

    /// <summary>Writes drafts as answers are written.</summary>
    public IDraftWriter Drafts(GenerationOptions generation) =>
        new DraftWriter(model.Text, generation, generation.Penalty(defaults), IsEnd);

    private Sampler Sampler(PreparedPrompt input, PrefillResult prefill, GenerationOptions generation) =>
        new(generation, generation.Penalty(defaults), input.Prompt.Ids, prefill.Logits.shape[1], model.Compute.Device);

    // Some configurations name the end of a text, but not the end of a turn.
    private bool IsEnd(int token) => token == _turnEnd || model.Config.EosTokenIds.Contains(token);

    private static StageTimes Times(StageTimes before, PrefillResult prefill, TimeSpan decode) =>
        before with { Selection = prefill.Selection, Draft = prefill.DraftTime, Decode = decode };

    private GroundingAnswer Answer(
        PreparedPrompt input, Generation written, KvReport kv, KeptTokens kept, StageTimes times, DraftReport? draft)
    {
        var last = input.Sizes[^1];
        var coordinates = CoordinateMapper.For(
            model.Config.Family.Coordinates, last.OriginalWidth, last.OriginalHeight, model.Pixels.Resize);
        return new GroundingAnswer
        {
            Text = written.Text,
            Parsed = ActionParser.Parse(input.Answers.Actions, written.Text, coordinates, written.Finish),
            Coordinates = coordinates,
            Tokens = written.Tokens,
            Finish = written.Finish,
            Kv = kv,
            Grids = [.. input.Sizes.Select(s => s.Grid)],
            CountKept = new Lazy<KeptCells>(() => KeptCells.Of(kept)),
            Times = times,
            Draft = draft,
        };
    }
}
