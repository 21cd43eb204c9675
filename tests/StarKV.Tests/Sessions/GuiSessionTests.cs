using StarKV.Account;
using StarKV.Budget;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Tests.Agent;
using StarKV.Tests.Docs;
using StarKV.Text;

namespace StarKV.Tests.Sessions;

[Collection(MiniModelTests.Name)]
public sealed class GuiSessionTests(MiniModel mini)
{
    private static readonly MethodEntry[] s_entries = [.. Methods.All, ExtendAMethodTests.Entry];

    public static TheoryData<string> EveryMethod { get; } = new(
        [
            // A maximum over neighbours gives them scores that differ in the last bit alone, and two readings choose otherwise among them.
            .. s_entries.Select(m => m.Name == "laq" ? "laq pooling=average" : m.Name), "star-kv aeb-scope=head", "star-kv aeb-scope=layer-budget", "gui-kv basis=principal-subspace",
            "snapkv granularity=query-head", "snapkv window=64", "snapkv value=on", "star-kv observe=probe", "laq preset=plus pooling=average",
            "laq draft=3 draft-keep=0.3 pooling=average",
        ]);

    private static SessionOptions Options(string row = "star-kv", double keep = 0.2, KvStorage storage = KvStorage.Lossless) => new()
    {
        Method = s_entries.Single(m => m.Name == row.Split(' ')[0])
            .Create(row.Split(' ').Skip(1).Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1])),
        Budget = KvBudget.Keep(keep),
        Storage = storage,
        Prompt = PromptStyle.Get("mini"),
        Generation = new() { MaxNewTokens = 24 },
    };

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void A_lossless_step_keeps_and_answers_what_reading_everything_again_does(string row)
    {
        var (episode, options) = (new MiniEpisode(), Options(row, 0.5));
        using var session = episode.Open(mini.Agent, options);
        using var memory = new LayerMemory();
        var answers = new List<string>();
        for (var step = 0; step < 4; step++)
        {
            var answer = session.Step(episode.Screen(step));
            var again = episode.Reread(mini.Agent, options, answers, memory);
            Assert.Equal(again.OrThrow().Tokens, answer.Tokens);
            Assert.Equal(again.OrThrow().Kv, answer.Kv with { RowsPerLayer = again.Answer!.Kv.RowsPerLayer });
            Assert.Equal(again.Answer.Kv.RowsPerLayer, answer.Kv.RowsPerLayer);
            SameRows(again.Kept!, session.Kv.Kept!);
            answers.Add(answer.Text);
        }
    }

    private static void SameRows(KeptTokens expected, KeptTokens actual)
    {
        Assert.Equal(expected.Prompt.Ids.ToArray(), actual.Prompt.Ids.ToArray());
        for (var layer = 0; layer < expected.Layers; layer++)
        {
            for (var list = 0; list < expected.Lists(layer); list++)
                Assert.Equal(Held(expected, layer, list), Held(actual, layer, list));
        }

        static List<int> Held(KeptTokens kept, int layer, int list) =>
            [.. Enumerable.Range(0, kept.Prompt.Length).Where(token => kept.Holds(layer, list, token))];
    }

    [Theory]
    [InlineData("mini", InstructionPosition.First)]
    [InlineData("mini", InstructionPosition.Last)]
    [InlineData("uitars.computer", null)]
    [InlineData("opencua.l2", null)]
    [InlineData("ui-venus.mobile", null)]
    [InlineData("gui-owl.computer", InstructionPosition.First)]
    public void With_the_full_cache_every_answer_is_that_of_reading_everything_again(string style, InstructionPosition? position)
    {
        var episode = new MiniEpisode();
        var options = Options("full") with { Prompt = PromptStyle.Get(style), Position = position };
        using var session = mini.Agent.OpenSession(episode.Instruction, options);
        var answers = new List<string>();
        for (var step = 0; step < 4; step++)
        {
            var answer = session.Step(episode.Screen(step));
            var again = mini.Agent.Ground([.. Enumerable.Range(0, step + 1).Select(episode.Screen)], episode.Instruction, new GroundingOptions
            {
                Method = new Full(),
                Budget = KvBudget.All,
                Prompt = options.Prompt,
                Position = position,
                PastActions = answers,
                Generation = options.Generation,
            });
            Assert.Equal(again.Tokens, answer.Tokens);
            Assert.Equal(again.Kv.PromptTokens, answer.Kv.PromptTokens);
            Assert.Equal(step + 1, answer.Session!.Step);
            answers.Add(answer.Text);
        }
    }

    [Theory]
    [InlineData("gui-owl.computer", KvStorage.Lossless)]
    [InlineData("qwen3vl.mobile", KvStorage.Evict)]
    public void Steps_that_leave_the_window_become_lines(string style, KvStorage storage)
    {
        var episode = new MiniEpisode();
        var options = Options("full", storage: storage) with { Prompt = PromptStyle.Get(style), FrameWindow = 1, Slide = WindowSlide.Exact };
        using var session = mini.Agent.OpenSession(episode.Instruction, options);
        var answers = new List<string>();
        for (var step = 0; step < 3; step++)
        {
            var answer = session.Step(episode.Screen(step));
            var again = mini.Agent.AnswerMany([episode.Screen(step)], episode.Instruction, new ManyAnswersOptions
            {
                Compressions = [new(new Full(), KvBudget.All)],
                Prompt = options.Prompt,
                PastActions = answers,
                Generation = options.Generation,
            });
            Assert.Equal(again.Prompt.Ids.ToArray(), session.Kv.Kept!.Prompt.Ids.ToArray());
            Assert.Equal(again.Answers[0].OrThrow().Tokens, answer.Tokens);
            answers.Add(answer.Text);
        }
    }

    [Theory]
    [InlineData(KvStorage.Lossless)]
    [InlineData(KvStorage.Store)]
    [InlineData(KvStorage.Evict)]
    public void A_step_reads_only_what_is_new(KvStorage storage)
    {
        var answers = new MiniEpisode().Run(mini.Agent, Options("star-kv", 0.4, storage), 4);
        Assert.All(answers.Skip(1), a => Assert.InRange(a.Session!.TokensRead, 1, a.Session.Tokens / 2));
        Assert.Equal(answers[0].Session!.Tokens, answers[0].Session!.TokensRead);
        Assert.All(answers, a => Assert.Equal((storage, 0), (a.Session!.Storage, a.Session.Notes.Count)));
    }

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Every_method_runs_with_every_storage(string row)
    {
        foreach (var storage in new[] { KvStorage.Store, KvStorage.Evict })
        {
            var options = Options(row, 0.3, storage) with { Budget = KvBudget.Tokens(120) };
            var answers = new MiniEpisode().Run(mini.Agent, options, 3);
            Assert.All(answers, a => Assert.Equal(storage, a.Session!.Storage == KvStorage.Evict && row == "full" ? storage : a.Session.Storage));
            if (row is not ("full" or "vl-cache" or "pyramidkv") && !row.Contains("layer-budget", StringComparison.Ordinal))
                Assert.All(answers, a => Assert.All(a.Kv.RowsPerLayer, r => Assert.Equal(120, r)));
        }
    }

    [Fact]
    public void Between_steps_a_lossless_session_holds_nothing_on_the_device_and_all_rows_on_the_host()
    {
        var episode = new MiniEpisode();
        using var session = episode.Open(mini.Agent, Options());
        Assert.Equal(new SessionKv(0, 0, 0, 0, 0, null, null), session.Kv);
        for (var step = 0; step < 4; step++)
            session.Step(episode.Screen(step));
        var kv = session.Kv;
        Assert.Equal((0, kv.FullBytes), (kv.DeviceBytes, kv.HostBytes));
        Assert.Equal(kv.Attended!.PromptTokens, kv.Tokens);
        Assert.InRange(kv.Attended.KeptShare, 0.19, 0.2);
    }
}
