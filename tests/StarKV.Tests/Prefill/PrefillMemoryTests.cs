using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Tests.Readme;
using StarKV.Weights;

namespace StarKV.Tests.Prefill;

public sealed class PrefillMemoryTests
{
    private static readonly string s_mini = RepositoryFiles.Path("models", "mini");

    [Fact]
    public void Weights_are_the_numbers_of_the_checkpoint()
    {
        using var checkpoint = CheckpointFolder.Open(s_mini);
        var numbers = checkpoint.Tensors.Where(t => !t.Key.EndsWith("_scale", StringComparison.Ordinal)).Sum(t => t.Value.Shape.Aggregate(1L, (n, side) => n * side));
        Assert.Equal(4 * numbers, PrefillMemory.Weights(ModelConfig.Load(s_mini), 4));
    }

    /// <summary>What the driver read on an H200 with the published shape of 7B; the file says when and how.</summary>
    [Fact]
    public void The_peak_agrees_with_the_driver()
    {
        const int number = 2, room = 64;
        var config = ModelRegistry.Shape("7b");
        using var result = BenchResult.Open(ResultTable.Name);
        var rows = result.RootElement.GetProperty("memory").GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(8, rows.Count);
        foreach (var row in rows)
        {
            // 1932 × 1092 px, patches of 14.
            var screens = Enumerable.Repeat(new PatchGrid(78, 138), row.GetProperty("screens").GetInt32()).ToList();
            var cache = row.GetProperty("kvBytesHeld").GetInt64() + 2L * room * config.Text.Layers * config.Text.KvHeads * config.Text.HeadDim * number;
            var peak = PrefillMemory.Weights(config, number) + PrefillMemory.Peak(config, screens, row.GetProperty("promptTokens").GetInt32(), cache, number);
            Assert.InRange(peak / (double)row.GetProperty("peakUsedBytes").GetInt64(), 0.98, 1.02);
        }
    }

    [Fact]
    public void Many_screenshots_are_encoded_some_at_a_time_and_shorter_runs_take_less()
    {
        var config = ModelRegistry.Shape("7b");
        long Peak(int screens, int tokens, int run) => PrefillMemory.Peak(config, [.. Enumerable.Repeat(new PatchGrid(78, 138), screens)], tokens, 0, 2, new PrefillOptions { ChunkTokens = run });
        // Nothing but embeddings grows with the screenshots once two are encoded together.
        Assert.Equal(2L * 39 * 69 * 3584 * 2, (Peak(6, 1, 1) - Peak(4, 1, 1)) * 2);
        Assert.Equal(4000L * 3 * config.Text.IntermediateSize * 2, Peak(1, 16_000, 8000) - Peak(1, 16_000, 4000));
    }
}
