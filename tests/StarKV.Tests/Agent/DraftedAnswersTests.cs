using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Score;
using StarKV.Score.Wrappers;

namespace StarKV.Tests.Agent;

/// <summary>Answers of a method that looks at a draft.</summary>
[Collection(MiniModelTests.Name)]
public sealed class DraftedAnswersTests(MiniModel mini)
{
    private static readonly MiniSample s_sample = MiniSample.All[0];

    private static readonly GroundingOptions s_options = new() { Method = new Laq(), Budget = KvBudget.Keep(0.1) };

    [Fact]
    public void An_answer_says_what_its_draft_was_and_took()
    {
        var (drafted, snap) = (Ask(s_options), Ask(s_options with { Method = new Laq().Draft.Method }));
        Assert.Equal(snap.Tokens.Take(8), drafted.Draft!.Tokens);
        Assert.True(drafted.Draft.HeldBytes > drafted.Kv.FullBytes + drafted.Kv.Bytes);
        Assert.InRange(drafted.Times.Draft, TimeSpan.FromTicks(1), drafted.Times.Prefill);
        Assert.Equal(drafted.Times.Preprocess + drafted.Times.Vision + drafted.Times.Prefill + drafted.Times.Decode, drafted.Times.Total);
        Assert.Equal((null, TimeSpan.Zero), (snap.Draft, snap.Times.Draft));
        Assert.Equal(snap.Kv.RowsPerLayer, drafted.Kv.RowsPerLayer);
    }

    [Fact]
    public void A_draft_is_drawn_as_the_answer_is()
    {
        var warm = s_options with { Generation = new GenerationOptions { Temperature = 4, Seed = 3, RepetitionPenalty = 1.3, MaxNewTokens = 6 } };
        var (drafted, snap) = (Ask(warm), Ask(warm with { Method = new Laq().Draft.Method }));
        Assert.Equal(snap.Tokens, drafted.Draft!.Tokens);
        Assert.NotEqual(Ask(s_options).Draft!.Tokens.Take(6), drafted.Draft.Tokens);
    }

    [Fact]
    public void Drafts_leave_no_tensor_behind()
    {
        Ask(s_options);
        var tensors = mini.Agent.LiveTensors;
        for (var i = 0; i < 3; i++)
        {
            Ask(s_options);
            mini.Agent.AnswerMany(s_sample.Screens(), s_sample.Instruction, new ManyAnswersOptions { Compressions = Caches(), MeasureTimes = i == 2 });
        }

        Assert.Equal(tensors, mini.Agent.LiveTensors);
    }

    [Fact]
    public void Many_caches_have_the_drafts_that_each_has_alone_and_one_that_does_not_fit_harms_none()
    {
        var refused = new Compression(new Protected(new Laq(), new ProtectedTokens { Text = true }), KvBudget.Tokens(5));
        var many = mini.Agent.AnswerMany(s_sample.Screens(), s_sample.Instruction, new ManyAnswersOptions { Compressions = [refused, .. Caches()] });
        Assert.Contains("protected tokens and a window of 1 do not fit", many.Answers[0].Error!.Message, StringComparison.Ordinal);
        foreach (var (compression, answer) in Caches().Zip(many.Answers.Skip(1).Select(a => a.OrThrow())))
        {
            var alone = Ask(s_options with { Method = compression.Method, Budget = compression.Budget });
            Assert.Equal(alone.Draft?.Tokens, answer.Draft?.Tokens);
            Assert.Equal(alone.Draft?.HeldBytes, answer.Draft?.HeldBytes);
            Assert.Equal(alone.Tokens, answer.Tokens);
        }
    }

    private static Compression[] Caches() =>
    [
        new(new Laq(), KvBudget.Keep(0.1)), new(new Laq(LaqOptions.Plus), KvBudget.Keep(0.3)), new(new SnapKv(), KvBudget.Keep(0.1)),
        new(new Laq(), KvBudget.All),
    ];

    private GroundingAnswer Ask(GroundingOptions options) => mini.Agent.Ground(s_sample.Screens(), s_sample.Instruction, options);
}
