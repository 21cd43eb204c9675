using System.Text.Json;

namespace StarKV.Cli.Tests.Commands;

/// <summary>The scenarios on the shipped model: what they count, not how fast it was.</summary>
public sealed class BenchScenarioTests
{
    [Theory]
    [InlineData("prefill", "pixelsToFirstToken")]
    [InlineData("decode", "decodePerToken")]
    public async Task A_row_for_each_prompt_and_method(string scenario, string measured)
    {
        var run = await Bench(scenario, "--screens", "1", "2", "--json");
        var rows = run.Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal([(1, "full", "100%"), (1, "snapkv", "25%"), (2, "full", "100%"), (2, "snapkv", "25%")],
            rows.Select(r => (r.GetProperty("screens").GetInt32(), r.GetProperty("method").GetString(), r.GetProperty("keep").GetString())));
        Assert.All(rows, r => Assert.InRange(r.GetProperty(measured).GetProperty("median").GetDouble(), 1e-3, 1e6));
        Assert.All(rows, r => Assert.Equal(1, r.GetProperty(measured).GetProperty("n").GetInt32()));
        foreach (var row in rows)
        {
            var tokens = row.GetProperty("promptTokens").GetInt32();
            // 8 layers, 2 key/value heads of 64, keys and values, float32.
            Assert.Equal((row.GetProperty("method").GetString() == "full" ? tokens : tokens / 4) * 8192L, row.GetProperty("kvBytesHeld").GetInt64());
        }
    }

    [Fact]
    public async Task Sessions_hold_what_each_of_them_keeps()
    {
        var rows = (await Bench("sessions", "--screens", "1", "--json")).Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal([1, 4, 16, 64, 1, 4, 16, 64], rows.Select(r => r.GetProperty("sessions").GetInt32()));
        Assert.Equal(64 * rows[0].GetProperty("kvBytesHeld").GetInt64(), rows[3].GetProperty("kvBytesHeld").GetInt64());
        Assert.InRange(rows[7].GetProperty("kvBytesHeld").GetInt64() / (64.0 * rows[4].GetProperty("kvBytesHeld").GetInt64()), 0.97, 1.03);
        Assert.All(rows, r => Assert.InRange(r.GetProperty("tokensPerSecond").GetProperty("median").GetDouble(), 1e-3, 1e6));
    }

    [Fact]
    public async Task A_step_reads_the_new_screenshot_and_holds_the_budget_of_all()
    {
        var rows = (await Bench("step", "--screens", "1", "3", "--json")).Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal([(3, "full"), (3, "snapkv")], rows.Select(r => (r.GetProperty("screens").GetInt32(), r.GetProperty("method").GetString())));
        foreach (var row in rows)
        {
            var tokens = row.GetProperty("promptTokens").GetInt32();
            Assert.Equal(row.GetProperty("method").GetString() == "full", row.TryGetProperty("logitsDifference", out var difference));
            Assert.InRange(difference.ValueKind is JsonValueKind.Number ? difference.GetDouble() : 0, 0, 1e-4);
            // 12×12 cells, two markers, 40 tokens of text.
            Assert.Equal(186, row.GetProperty("newTokens").GetInt32());
            Assert.Equal((row.GetProperty("method").GetString() == "full" ? tokens : tokens / 4) * 8192L, row.GetProperty("kvBytesHeld").GetInt64());
            Assert.All(["pixelsToFirstToken", "pixelsToFirstTokenFromScratch"], name => Assert.InRange(row.GetProperty(name).GetProperty("median").GetDouble(), 1e-3, 1e6));
        }

        (await CommandRun.Of("starkv-bench", "step", "--model", RepositoryFiles.Path("models", "mini"), "--screens", "1", "--device", "cpu")).Refused("--screens is 1", "at least 2");
    }

    [Fact]
    public async Task Memory_by_arithmetic_is_the_weights_and_what_a_prompt_takes()
    {
        var rows = (await Bench("memory", "--screens", "1", "4", "--json")).Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(4, rows.Count);
        Assert.All(rows, r => Assert.InRange(r.GetProperty("accountedWeights").GetInt64(), 18_700_000 * 4L, 18_900_000 * 4L));
        Assert.All(rows, r => Assert.True(r.GetProperty("accountedPeak").GetInt64() > r.GetProperty("accountedWeights").GetInt64() + r.GetProperty("kvBytesHeld").GetInt64()));
        // A full cache of four screenshots takes more than a quarter of it, by about their difference.
        var (full, quarter) = (rows[2], rows[3]);
        long Of(JsonElement row, string name) => row.GetProperty(name).GetInt64();
        Assert.InRange(Of(full, "accountedPeak") - Of(quarter, "accountedPeak"), 0, Of(full, "kvBytesHeld") - Of(quarter, "kvBytesHeld"));

        (await CommandRun.Of("starkv-bench", "hold", "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu")).Refused("memory of a CUDA card");
    }

    [Fact]
    public async Task A_table_for_people()
    {
        var run = await Bench("decode", "--screens", "1");
        Assert.Contains("ms a token", run.Out, StringComparison.Ordinal);
        Assert.Contains("snapkv", run.Out, StringComparison.Ordinal);
        (await CommandRun.Of("starkv-bench", "decode", "--repeats", "0", "--device", "cpu")).Refused("--repeats is 0", "at least 1");
    }

    [Fact]
    public async Task Loading_makes_its_checkpoint_once_and_takes_little_host_memory()
    {
        using var temp = new TempFolder();
        string[] line = ["starkv-bench", "load", "--folder", temp.File("checkpoint"), "--gigabytes", "0.06", "--repeats", "2", "--device", "cpu"];
        var made = await CommandRun.Of(line);
        Assert.Equal((ExitCodes.Success, 2 * 3584 * 3584 * 2), (made.ExitCode, made.Json.GetProperty("bytes").GetInt64()));
        Assert.Equal(2, made.Json.GetProperty("seconds").GetArrayLength());
        // The staging buffer, and what the runtime takes meanwhile.
        Assert.InRange(made.Json.GetProperty("hostBytesBeyondTheMapping").GetInt64(), 0, 256 << 20);
        Assert.DoesNotContain("Writing", (await CommandRun.Of(line)).Error, StringComparison.Ordinal);
        (await CommandRun.Of([.. line[..4], "--gigabytes", "0"])).Refused("--gigabytes is 0", "0.01 to 1000");
    }

    private static async Task<CommandRun> Bench(string scenario, params string[] options)
    {
        var run = await CommandRun.Of(["starkv-bench", scenario, "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu", "--size", "336x336", "--method", "full,snapkv", "--keep", "25%", "--repeats", "1", .. options]);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        return run;
    }
}
