using StarKV.Account;
using StarKV.Act;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Text;

namespace StarKV;

/// <summary>Begins answers on caches, and makes of what was written what callers get. Belongs on the inference thread.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its vocabulary.</param>
/// <param name="defaults">The folder's generation_config.json.</param>
internal sealed class AnswerFactory(IVisionLanguageModel model, QwenTokenizer tokenizer, GenerationConfig defaults)
{
    private readonly int _turnEnd = tokenizer.IdOf(Markers.TurnEnd);

    /// <summary>Begins an answer.</summary>
    /// <param name="input">The prompt.</param>
    /// <param name="prefill">Its cache and first logits; borrowed. The cache grows by the answer.</param>
    public OpenAnswer Begin(PreparedPrompt input, PrefillResult prefill)
    {
        var generation = input.Request.Options.Generation;
        // Read before the answer's rows are added.
        var (kv, kept) = (KvReport.Of(prefill.Cache), KeptTokens.Of(prefill.Cache));
        var sampler = new Sampler(
            generation, generation.Penalty(defaults), input.Prompt.Ids, prefill.Logits.shape[1], model.Compute.Device);
        var writer = new AnswerWriter(sampler, generation, IsEnd, new StreamingDecoder(tokenizer), input.Request.OnText);
        return new OpenAnswer(prefill, kv, kept, sampler, writer);
    }

    /// <summary>What became of an answer that has ended.</summary>
    /// <param name="input">The prompt.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="times">The times of the request's stages before it was written.</param>
    public CacheOutcome End(PreparedPrompt input, OpenAnswer answer, StageTimes times) => answer.Writer.Error is { } error
        ? new CacheOutcome(error)
        : new CacheOutcome(
            Answer(input, answer, times with
            {
                Selection = answer.Prefill.Selection,
                Draft = answer.Prefill.DraftTime,
                Decode = answer.Time,
            }),
            answer.Kept);

    /// <summary>Writes drafts as answers are written.</summary>
    public IDraftWriter Drafts(GenerationOptions generation) =>
        new DraftWriter(model.Text, generation, generation.Penalty(defaults), IsEnd);

    // Some configurations name the end of a text, but not the end of a turn.
    private bool IsEnd(int token) => token == _turnEnd || model.Config.EosTokenIds.Contains(token);

    private GroundingAnswer Answer(PreparedPrompt input, OpenAnswer answer, StageTimes times)
    {
        var written = answer.Writer.Finished!;
        // Words alone show no screen: numbers in their answer are thousandths of one that is not there.
        var coordinates = input.Sizes is [.., var last]
            ? CoordinateMapper.For(
                input.Answers.Coordinates ?? model.Config.Family.Coordinates, last.OriginalWidth, last.OriginalHeight, model.Pixels.Resize)
            : CoordinateMapper.ForThousandths(1000, 1000);
        return new GroundingAnswer
        {
            Text = written.Text,
            Parsed = ActionParser.Parse(input.Answers.Actions, written.Text, coordinates, written.Finish),
            Coordinates = coordinates,
            Tokens = written.Tokens,
            Finish = written.Finish,
            Kv = answer.Kv,
            Grids = [.. input.Sizes.Select(s => s.Grid)],
            CountKept = new Lazy<KeptCells>(() => KeptCells.Of(answer.Kept)),
            Times = times,
            Draft = answer.Prefill.Draft,
        };
    }
}
