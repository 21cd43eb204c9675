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
    public async Task A_session_s_step_is_timed_beside_reading_everything()
    {
        var rows = (await Bench("session", "--screens", "3", "--json")).Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(
            [("full", "evict", 1), ("snapkv", "lossless", 1), ("snapkv", "lossless", 64), ("snapkv", "store", 1), ("snapkv", "evict", 1)],
            rows.Select(r => (r.GetProperty("method").GetString(), r.GetProperty("storage").GetString(), r.GetProperty("sessions").GetInt32())));
        foreach (var row in rows)
        {
            Assert.Equal(186, row.GetProperty("newTokens").GetInt32());
            Assert.All(["pixelsToFirstToken", "pixelsToFirstTokenFromScratch"], name => Assert.InRange(row.GetProperty(name).GetProperty("median").GetDouble(), 1e-3, 1e6));
            // Those that see every row give the logits of reading everything.
            var exact = row.GetProperty("storage").GetString() == "lossless" || row.GetProperty("method").GetString() == "full";
            Assert.Equal(exact, row.TryGetProperty("logitsDifference", out var difference));
            Assert.InRange(exact ? difference.GetDouble() : 0, 0, 1e-4);
        }
    }

    [Fact]
    public async Task A_session_goes_to_a_file_and_to_the_host_and_back()
    {
        var rows = (await Bench("save", "--screens", "2", "--json")).Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(
            [("full", "evict"), ("snapkv", "lossless"), ("snapkv", "store"), ("snapkv", "evict")],
            rows.Select(r => (r.GetProperty("method").GetString(), r.GetProperty("storage").GetString())));
        foreach (var row in rows)
        {
            Assert.All(
                ["save", "restore", "offload", "nextStep", "nextStepAfterOffload", "nextStepAfterRestore"],
                name => Assert.InRange(row.GetProperty(name).GetProperty("median").GetDouble(), 1e-3, 1e6));
            var (file, held) = (row.GetProperty("fileBytes").GetInt64(), row.GetProperty("deviceBytes").GetInt64() + row.GetProperty("hostBytes").GetInt64());
            Assert.InRange(file, held / 2, held * 2 + 100_000);
            Assert.InRange(row.GetProperty("saveMegabytesPerSecond").GetDouble(), 1e-3, 1e6);
            Assert.Equal(row.GetProperty("storage").GetString() != "lossless", row.TryGetProperty("offloadMegabytesPerSecond", out _));
        }

        Assert.Contains("offload", (await Bench("save", "--screens", "1")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_windows_of_both_kinds_tokens_and_bytes_do_not_grow_and_without_one_they_do()
    {
        string[] line = ["starkv-bench", "growth", "--device", "cpu", "--size", "112x112", "--steps", "32", "--window", "2", "--answers", "2", "--method", "snapkv", "--keep", "30t"];
        var json = (await CommandRun.Of(line)).Json;
        var rows = json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(6, rows.Count);
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
        {
            Assert.Equal(i < 3, row.TryGetProperty("answerWindow", out _));
            var (tokens, host) = (row.GetProperty("tokens"), row.GetProperty("hostBytes"));
            // Answers may be shorter than the longest, which is 4 tokens.
            Assert.InRange(tokens.GetProperty("perStep").GetDouble(), i < 3 ? -1.0 : 5, i < 3 ? 1.0 : 30);
            Assert.True(tokens.GetProperty("low").GetDouble() <= tokens.GetProperty("perStep").GetDouble());
            Assert.Equal(row.GetProperty("storage").GetString() == "evict", host.GetProperty("last").GetDouble() == 0);
            Assert.Equal(1, row.GetProperty("liveTensors").GetArrayLength());
        }

        (await CommandRun.Of([.. line, "--steps", "20"])).Refused("--steps");
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
