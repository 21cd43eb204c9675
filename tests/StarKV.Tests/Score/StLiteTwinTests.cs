using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>ST-Lite's tensor operations against <see cref="StLiteTwin"/> on drawn layers: whole prompts, steps and answers.</summary>
public sealed class StLiteTwinTests
{
    private const int Dim = 8, Hidden = 12;

    private static readonly TokenMap s_prompt = TestPrompts.Of(6, (3, 4), (5, 2), (4, 4));

    private static readonly StLiteOptions[] s_options =
    [
        StLiteOptions.Session, StLiteOptions.Paper, StLiteOptions.Reference, StLiteOptions.Paper with { Vectors = StLiteVectors.Residual },
        StLiteOptions.Session with { Scale = StLiteScale.Plain, Alpha = 0.25 }, StLiteOptions.Session with { Gate = StLiteGate.Share },
        StLiteOptions.Session with { Saliency = StLiteSaliency.Norms, Gate = StLiteGate.Off },
        StLiteOptions.Reference with { Attention = new AttentionOptions { Granularity = Granularity.QueryHead, Kernel = 3 } },
        StLiteOptions.Session with { Attention = new AttentionOptions { Granularity = Granularity.QueryHead, Pooling = Pooling.Max, Window = 3 } },
    ];

    public static TheoryData<int, string, int> Cases { get; } = new(
        from option in Enumerable.Range(0, s_options.Length)
        from kind in new[] { "prompt", "window in the screenshot", "step", "step of heads that differ", "answer" }
        from capacity in new[] { 9, 14 }
        select (option, kind, capacity));

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_scores_are_those_of_the_definition(int option, string kind, int capacity) => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var options = s_options[option];
        var observation = Observe(kind, options.Attention.Window, capacity, shared, new Generator((ulong)(option * 10 + capacity), CPU));
        var (wanted, scores) = (new StLiteTwin(observation, options).Scores(), new StLite(options).Score(observation, memory));
        ExactLayer.Holds(scores, wanted);
        // The gate has something to say in every prompt and step, where there is one.
        var closed = kind != "answer" && options.Gate != StLiteGate.Off && (kind.StartsWith("step", StringComparison.Ordinal) ? capacity == 9 : true);
        Assert.True(!closed || wanted.All(list => list.Contains(0)));
    });

    private static LayerObservation Observe(string kind, int window, int capacity, PromptTensors shared, Generator generator)
    {
        var prompt = kind == "window in the screenshot" ? s_prompt.First(s_prompt.Frames[^1].End) : s_prompt;
        var kept = kind switch { "step" or "step of heads that differ" => 20, "answer" => 30, _ => 0 };
        // A step's new tokens begin in the text before the last screenshot; of those before it some are left.
        var fresh = kind == "answer" ? 0 : kept > 0 ? prompt.Length - (prompt.Frames[^1].Start - 2) : prompt.Length;
        var (rows, lists) = (kept + fresh, kind == "step of heads that differ" ? 2 : 1);
        Tensor Normal(params long[] shape) => randn(shape, generator: generator);
        return new LayerObservation
        {
            Queries = Normal(6, window, Dim),
            Keys = Normal(2, rows, Dim),
            Values = Normal(2, rows, Dim),
            Norms = kind == "answer" ? null : new TokenNorms(Normal(fresh, Hidden), Normal(fresh, Hidden), kept),
            Tokens = prompt,
            Prompt = shared,
            Layer = 0,
            Capacity = capacity,
            KeptRows = kept,
            TokenOfRow = kept == 0 ? null : stack(Enumerable.Range(0, lists).Select(_ => Tokens())),
        };

        Tensor Tokens()
        {
            var first = kind == "answer" ? prompt.Length + 4 : prompt.Length - fresh;
            var (held, _) = randperm(first, generator: generator).narrow(0, 0, kept).sort();
            return cat([held, arange(first, first + fresh, ScalarType.Int64)]);
        }
    }
}
