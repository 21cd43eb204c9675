using StarKV.Budget;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Observe;
using StarKV.Reports.Inspect;
using StarKV.Score;
using StarKV.Tests.Agent;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Reports.Inspect;

[Collection(MiniModelTests.Name)]
public sealed class InspectTests(MiniModel mini)
{
    private static readonly MiniSample s_sample = MiniSample.All[0];
    private static readonly PixelBox s_target = s_sample.TargetBox is [var left, var top, var right, var bottom] ? new(left, top, right, bottom) : throw new InvalidDataException("The first sample is no click.");

    private Inspection Inspect(params Compression[] compressions) =>
        mini.Agent.Inspect(s_sample.Screens(), s_sample.Instruction, new InspectionOptions { Compressions = compressions, Target = s_target });

    [Fact]
    public void Each_cache_gives_the_answer_that_it_gives_alone()
    {
        Compression[] compressions = [Compression.None, new(new StarKv(), KvBudget.Keep(0.2)), new(new StreamingLlm(), KvBudget.Keep(0.2))];
        var inspection = Inspect(compressions);
        Assert.Equal(compressions, inspection.Caches.Select(c => c.Compression));
        foreach (var cache in inspection.Caches)
        {
            var alone = mini.Agent.Ground(s_sample.Screens(), s_sample.Instruction, new GroundingOptions { Method = cache.Compression.Method, Budget = cache.Compression.Budget });
            Assert.Equal((alone.Text, alone.Kv.Bytes), (cache.Answer.Text, cache.Answer.Kv.Bytes));
            Assert.Equal(alone.Kept.Frames[0], cache.Answer.Kept.Frames[0]);
            Assert.Equal(s_sample.IsRight(alone), cache.PointsInside);
        }

        Assert.Equal([true, false], new[] { inspection.Caches[0], inspection.Caches[2] }.Select(c => c.PointsInside));
        Assert.Equal([1, 0], new[] { inspection.Caches[0], inspection.Caches[2] }.Select(c => c.Survival!.Mean));
        Assert.InRange(inspection.Caches[1].Survival!.Mean, 0.1, 0.9);
    }

    [Fact]
    public void At_equal_bytes_copies_cost_tokens()
    {
        var inspection = mini.Agent.Inspect(s_sample.Screens(), s_sample.Instruction, new InspectionOptions
        {
            Compressions = [Compression.None, new(new SnapKv(), KvBudget.Keep(0.2)), new(new SnapKv(new AttentionOptions { Granularity = Granularity.QueryHead }), KvBudget.Keep(0.2))],
            MatchBytes = true,
        });
        Assert.True(inspection.MatchedBytes);
        var (full, groups, copies) = (inspection.Caches[0].Answer.Kv, inspection.Caches[1].Answer.Kv, inspection.Caches[2].Answer.Kv);
        Assert.Equal(full.FullBytes, full.Bytes);
        Assert.InRange(copies.Bytes, groups.Bytes - groups.Bytes / 100, groups.Bytes);
        Assert.True(copies.KeptTokens < groups.KeptTokens / 2);
        Assert.Null(inspection.Caches[1].Survival);
    }

    [Fact]
    public void An_inspection_leaves_no_tensor_behind()
    {
        Inspect(Compression.None);
        var live = mini.Agent.LiveTensors;
        Inspect(new Compression(new VlCache(), KvBudget.Keep(0.3)), new Compression(new KNorm(), KvBudget.Keep(0.3)));
        Assert.Equal(live, mini.Agent.LiveTensors);
    }

    [Fact]
    public void A_memory_sees_the_reading_that_is_reported_alone()
    {
        using var memory = new LayerMemory();
        var method = new Counting();
        Inspect(new Compression(method, KvBudget.Keep(0.2)) { Memory = memory });
        Assert.Equal(1, memory.For<Counting.Calls>(0).Count);
        Assert.Equal(2 * mini.Agent.Config.Text.Layers, method.Scores);
    }

    /// <summary>Keeps the first tokens, and counts how often it is asked.</summary>
    private sealed class Counting : ICompressionMethod
    {
        public string Name => "counting";

        public int Scores { get; private set; }

        public int Window(TokenMap prompt) => 1;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            Scores++;
            memory.For<Calls>(observation.Layer).Count++;
            return -arange(observation.Past, ScalarType.Float32, observation.Keys.device).unsqueeze(0);
        }

        public sealed class Calls : IDisposable
        {
            public int Count { get; set; }

            public void Dispose() => Count = 0;
        }
    }
}
