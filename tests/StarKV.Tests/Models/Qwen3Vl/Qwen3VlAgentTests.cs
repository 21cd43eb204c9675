using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Sessions;
using StarKV.Tests.Agent;
using StarKV.Tests.Sessions;
using StarKV.Text;

namespace StarKV.Tests.Models.Qwen3Vl;

/// <summary>A random Qwen3-VL checkpoint, loaded once.</summary>
public sealed class Qwen3VlAgent : IDisposable
{
    private readonly Qwen3VlCheckpoint _checkpoint = new();

    public Qwen3VlAgent() => Agent = GuiAgent.Load(_checkpoint.Folder, "cpu");

    public GuiAgent Agent { get; }

    public void Dispose()
    {
        Agent.Dispose();
        _checkpoint.Dispose();
    }
}

/// <summary>A Qwen3-VL folder through the agent: every method, every wrapper, sessions of every storage.</summary>
public sealed class Qwen3VlAgentTests(Qwen3VlAgent open) : IClassFixture<Qwen3VlAgent>, IDisposable
{
    private const int Tokens = 8;

    private static readonly List<Screenshot> s_screens = [MiniModel.Tiny(96, 128), MiniModel.Tiny(160, 96)];
    private static readonly GenerationOptions s_short = new() { MaxNewTokens = Tokens };

    private readonly TempFolder _folder = new();

    public static TheoryData<string> EveryMethod { get; } = new(Methods.All.Select(m => m.Name));

    public static TheoryData<KvStorage> Storages { get; } = new(Enum.GetValues<KvStorage>());

    public void Dispose() => _folder.Dispose();

    private GroundingAnswer Ask(ICompressionMethod method, KvBudget budget) =>
        open.Agent.Ground(s_screens, "Open the settings", new GroundingOptions { Method = method, Budget = budget, Generation = s_short });

    private static SessionOptions Session(string method, KvStorage storage, double keep = 0.5) => new()
    {
        Method = Methods.Create(method),
        Budget = storage == KvStorage.Evict ? KvBudget.Tokens(60) : KvBudget.Keep(keep),
        Storage = storage,
        Prompt = PromptStyle.Get("mini"),
        Generation = s_short,
    };

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void A_method_keeps_its_share_and_all_of_the_cache_gives_the_full_answer(string name)
    {
        var full = Ask(new Full(), KvBudget.All);
        var (length, layers) = (full.Kv.PromptTokens, Qwen3VlCheckpoint.Layers);
        Assert.Equal(Tokens, full.Tokens.Count);
        Assert.All(full.Text, c => Assert.True(char.IsAsciiDigit(c)));
        // Cells of 32 pixels: 3 × 4 and 5 × 3.
        Assert.Equal([12, 15], full.Grids.Select(g => g.Tokens));
        Assert.Equal(full.Tokens, Ask(Methods.Create(name), KvBudget.All).Tokens);

        var (method, capacity) = (Methods.Create(name), KvBudget.Keep(0.4).Capacity(length));
        var answer = Ask(method, KvBudget.Keep(0.4));
        if (name == "full")
            Assert.All(answer.Kv.RowsPerLayer, rows => Assert.Equal(length, rows));
        else if (method.LayerBudget is UniformBudget)
            Assert.All(answer.Kv.RowsPerLayer, rows => Assert.Equal(capacity, rows));
        else
            Assert.InRange(answer.Kv.RowsPerLayer.Sum(), layers, layers * capacity + layers * (layers - 1) / 2);
        Assert.Equal(answer.Kv.RowsPerLayer.Sum() * 2L * 4 * Qwen3VlCheckpoint.HeadDim * sizeof(float), answer.Kv.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Every_method_takes_groups_of_every_size(int kvHeads)
    {
        using var checkpoint = new Qwen3VlCheckpoint(kvHeads);
        using var agent = GuiAgent.Load(checkpoint.Folder, "cpu");
        var compressions = Methods.All.Select(m => new Compression(Methods.Create(m.Name), KvBudget.Keep(0.4))).ToList();
        var answers = agent.AnswerMany(
            s_screens, "Open the settings", new ManyAnswersOptions { Compressions = compressions, Generation = s_short }).Answers;
        Assert.All(answers, a => Assert.Equal(Tokens, a.OrThrow().Tokens.Count));
        // Rows that are not chosen per query head are stored once for each key/value head.
        Assert.All(answers, a => Assert.Equal(
            a.OrThrow().Kv.RowsPerLayer.Sum() * 2L * kvHeads * Qwen3VlCheckpoint.HeadDim * sizeof(float), a.OrThrow().Kv.Bytes));
    }

    [Fact]
    public void Answers_written_together_are_those_written_alone()
    {
        var methods = Methods.All.Select(m => m.Name).ToList();
        var together = open.Agent.AnswerMany(s_screens, "Open the settings", new ManyAnswersOptions
        {
            Compressions = [.. methods.Select(m => new Compression(Methods.Create(m), KvBudget.Keep(0.3)))],
            Generation = s_short,
        });
        Assert.All(methods.Zip(together.Answers), pair =>
            Assert.Equal(Ask(Methods.Create(pair.First), KvBudget.Keep(0.3)).Tokens, pair.Second.OrThrow().Tokens));
        Assert.True(together.Answers.Select(a => a.OrThrow().Text).Distinct().Count() > 1, "The budget changed no answer.");
    }

    [Fact]
    public void The_wrappers_run()
    {
        var boxes = new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 0.4, 0.4)] };
        var heads = Qwen3VlCheckpoint.Heads / 4;
        var perHead = Methods.Create("snapkv", new Dictionary<string, string> { ["granularity"] = "query-head" });
        var run = open.Agent.AnswerMany(s_screens, "Open the settings", new ManyAnswersOptions
        {
            Compressions =
            [
                .. new ICompressionMethod[]
                {
                    new Protected(new SnapKv(), boxes), new EqualBytes(perHead, heads), new EveryNTokens(new SnapKv(), 2),
                    new ImageShare(new SnapKv()),
                }.Select(m => new Compression(m, KvBudget.Keep(0.5))),
            ],
            Generation = s_short,
        });
        Assert.All(run.Answers, a => Assert.Equal(Tokens, a.OrThrow().Tokens.Count));
        // Of the newest screenshot's grid of 3 × 5 cells, those that the box touches.
        var cells = boxes.In(run.Prompt).Select(t => run.Prompt.CellOf[t]).Order();
        Assert.Equal([0, 1, 5, 6], cells);
        for (var layer = 0; layer < Qwen3VlCheckpoint.Layers; layer++)
            Assert.All(boxes.In(run.Prompt), token => Assert.True(run.Answers[0].Kept!.Holds(layer, 0, token)));
        // Each row is stored once for every query head, and all of them take what the budget's rows take without copies.
        var budget = Qwen3VlCheckpoint.Layers * KvBudget.Keep(0.5).Capacity(run.Prompt.Length);
        Assert.InRange(run.Answers[1].OrThrow().Kv.RowsPerLayer.Sum() * heads, budget - heads + 1, budget);
    }

    [Fact]
    public void Different_screens_give_different_answers()
    {
        Assert.NotEqual(Answer(MiniModel.Tiny(96, 96)), Answer(MiniModel.Tiny(128, 128)));

        IReadOnlyList<int> Answer(Screenshot screen) =>
            open.Agent.Ground([screen], "Open", new GroundingOptions { Generation = s_short }).Tokens;
    }

    [Theory]
    [InlineData("full")]
    [InlineData("star-kv")]
    [InlineData("gui-kv")]
    [InlineData("snapkv")]
    [InlineData("vl-cache")]
    public void A_lossless_step_keeps_and_answers_what_reading_everything_again_does(string method)
    {
        var (episode, options) = (new MiniEpisode(), Session(method, KvStorage.Lossless));
        using var session = episode.Open(open.Agent, options);
        using var memory = new LayerMemory();
        var answers = new List<string>();
        for (var step = 0; step < 4; step++)
        {
            var answer = session.Step(episode.Screen(step));
            var again = episode.Reread(open.Agent, options, answers, memory);
            Assert.Equal(again.OrThrow().Tokens, answer.Tokens);
            Assert.Equal(again.Answer!.Kv.RowsPerLayer, answer.Kv.RowsPerLayer);
            if (step > 0)
                Assert.InRange(answer.Session!.TokensRead, 1, answer.Session.Tokens / 2 + 1);
            answers.Add(answer.Text);
        }
    }

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Every_method_runs_with_every_storage(string method)
    {
        foreach (var storage in new[] { KvStorage.Store, KvStorage.Evict })
            Assert.All(new MiniEpisode().Run(open.Agent, Session(method, storage), 3), a => Assert.Equal(Tokens, a.Tokens.Count));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void A_saved_session_goes_on_as_it_would_have(KvStorage storage)
    {
        var (episode, path) = (new MiniEpisode(), _folder.File("session.starkv"));
        using var session = episode.Open(open.Agent, Session("star-kv", storage, 0.3));
        session.Step(episode.Screen(0));
        session.Step(episode.Screen(1));
        session.Save(path);
        using var restored = open.Agent.RestoreSession(path);
        for (var step = 2; step < 4; step++)
            Assert.Equal(session.Step(episode.Screen(step)).Tokens, restored.Step(episode.Screen(step)).Tokens);
    }

    [Fact]
    public void Answers_leave_no_tensor()
    {
        Ask(new StarKv(), KvBudget.Keep(0.3));
        var live = open.Agent.LiveTensors;
        for (var i = 0; i < 3; i++)
            Ask(new StarKv(), KvBudget.Keep(0.3));
        Assert.Equal(live, open.Agent.LiveTensors);
    }
}
