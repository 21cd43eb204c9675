using StarKV.Budget;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Reports.Inspect;
using StarKV.Reports.Inspect.Page;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Agent;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Issues;

/// <summary>One compression that does not fit a prompt took the answers of all others with it.</summary>
[Collection(MiniModelTests.Name)]
public sealed class CompressionThatDoesNotFit(MiniModel mini)
{
    private static readonly MiniSample s_sample = MiniSample.All[0];
    private static readonly KvBudget s_few = KvBudget.Keep(0.02);
    private static readonly ProtectedTokens s_instruction = new() { Instruction = true };

    private ManyAnswers Many(params Compression[] compressions) =>
        mini.Agent.AnswerMany(s_sample.Screens(), s_sample.Instruction, new ManyAnswersOptions { Compressions = compressions });

    private static Compression Protecting(ICompressionMethod method) => new(new Protected(method, s_instruction), s_few);

    [Fact]
    public void Its_error_stands_in_its_place_and_the_others_answer_as_without_it()
    {
        Compression full = Compression.None, some = new(new SnapKv(), KvBudget.Keep(0.2));
        var without = Many(full, some);
        // Whether it shows before anything is read, or only when all layers are measured.
        var with = Many(Protecting(new StarKv()), full, Protecting(new VlCache()), some);
        Assert.Equal([false, true, false, true], with.Answers.Select(a => a.Answer is not null));
        Assert.All([with.Answers[0], with.Answers[2]], a => Assert.Contains("do not fit into the ", a.Error!.Message, StringComparison.Ordinal));
        Assert.Equal(without.Answers.Select(a => (a.OrThrow().Text, a.OrThrow().Kv.Bytes)), new[] { with.Answers[1], with.Answers[3] }.Select(a => (a.OrThrow().Text, a.OrThrow().Kv.Bytes)));
        Assert.Contains("protected tokens", Assert.Throws<StarKvException>(() => with.Answers[0].OrThrow()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_none_fits_each_says_why()
    {
        var many = Many(Protecting(new StarKv()), Protecting(new VlCache()));
        Assert.All(many.Answers, a => Assert.NotNull(a.Error));
        Assert.True(many.Prompt.Length > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_method_that_breaks_in_a_layer_breaks_alone(int layer)
    {
        using var memory = new LayerMemory();
        var broken = new Compression(new Breaking(layer), KvBudget.Keep(0.2)) { Memory = memory };
        var alone = Many(Compression.None);
        var many = Many(broken, Compression.None);
        Assert.Equal("InvalidOperationException: broken", many.Answers[0].Error!.Message);
        Assert.Equal(alone.Answers[0].OrThrow().Text, many.Answers[1].OrThrow().Text);
        // What it learnt from half a prompt is forgotten.
        Assert.Equal(0, memory.For<Breaking.Calls>(0).Count);
    }

    [Fact]
    public void Nothing_is_left_of_it()
    {
        Many(Compression.None);
        var live = mini.Agent.LiveTensors;
        Many(Protecting(new StarKv()), new Compression(new Breaking(3), KvBudget.Keep(0.2)), Protecting(new VlCache()), Compression.None);
        Assert.Equal(live, mini.Agent.LiveTensors);
    }

    [Fact]
    public void Alone_it_is_thrown_as_it_is()
    {
        Assert.Contains("protected tokens", Assert.Throws<StarKvException>(() => Ground(Protecting(new StarKv()))).Message, StringComparison.Ordinal);
        Assert.Equal("broken", Assert.Throws<InvalidOperationException>(() => Ground(new Compression(new Breaking(1), KvBudget.Keep(0.2)))).Message);
    }

    [Fact]
    public void An_inspection_shows_the_others_and_says_why_it_is_missing()
    {
        Compression[] compressions = [Protecting(new StarKv()), Compression.None, new(new SnapKv(), s_few)];
        var inspection = Inspect(compressions);
        Assert.Equal(compressions[1..], inspection.Caches.Select(c => c.Compression));
        Assert.Equal(compressions[..1], inspection.Failed.Select(f => f.Compression));
        var page = new InspectionPage(inspection).ToHtml();
        Assert.Contains("✗ no cache", page, StringComparison.Ordinal);
        Assert.Contains("protected tokens and a window of 8 do not fit into the ", page, StringComparison.Ordinal);
        Assert.Contains("protected tokens", Assert.Throws<StarKvException>(() => Inspect(compressions[0])).Message, StringComparison.Ordinal);
    }

    private Inspection Inspect(params Compression[] compressions) => mini.Agent.Inspect(s_sample.Screens(), s_sample.Instruction, new InspectionOptions { Compressions = compressions });

    private GroundingAnswer Ground(Compression compression) =>
        mini.Agent.Ground(s_sample.Screens(), s_sample.Instruction, new GroundingOptions { Method = compression.Method, Budget = compression.Budget });

    /// <summary>Keeps the first tokens, and breaks in one layer.</summary>
    private sealed class Breaking(int layer) : ICompressionMethod
    {
        public string Name => "breaking";

        public int Window(TokenMap prompt) => 1;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            memory.For<Calls>(observation.Layer).Count++;
            return observation.Layer == layer
                ? throw new InvalidOperationException("broken")
                : -arange(observation.Past, ScalarType.Float32, observation.Keys.device).unsqueeze(0);
        }

        public sealed class Calls : IDisposable
        {
            public int Count { get; set; }

            public void Dispose() => Count = 0;
        }
    }
}
