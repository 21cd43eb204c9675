namespace StarKV.Cli.Tests.Commands;

public sealed class OtherCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("demo", "--overlay")]
    [InlineData("pull", "--revision")]
    [InlineData("ground", "--instruction")]
    [InlineData("methods", "NAME")]
    [InlineData("inspect", "--difference")]
    [InlineData("conformance", "DIR")]
    [InlineData("doctor", "--json")]
    public async Task Every_verb_has_help(string verb, string mentioned)
    {
        var run = await CommandRun.Of(verb, "--help");
        Assert.Equal((ExitCodes.Success, ""), (run.ExitCode, run.Error));
        Assert.Contains($"  starkv {verb} ", run.Out, StringComparison.Ordinal);
        Assert.Contains(mentioned, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_verbs()
    {
        var run = await CommandRun.Of("--help");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.All(["demo", "ground", "methods", "inspect", "conformance", "doctor"], verb => Assert.Contains($"  {verb} ", run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_verb_is_refused()
    {
        var run = await CommandRun.Of("grond");
        Assert.Equal((ExitCodes.BadInput, ""), (run.ExitCode, run.Out));
        Assert.Contains("'grond'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_finds_what_the_engine_needs()
    {
        var run = await CommandRun.Of("doctor", "--device", "cpu");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("attention agrees with plain arithmetic", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_speaks_json()
    {
        var checks = (await CommandRun.Of("doctor", "--device", "cpu", "--json")).Json.EnumerateArray().ToList();
        Assert.Equal(["system", "libstdc++", "libtorch", "operations", "device", "pictures", "memory", "shipped model"], checks.Select(c => c.GetProperty("name").GetString()));
        Assert.All(checks, c => Assert.True(c.GetProperty("ok").GetBoolean()));
    }

    [Fact]
    public async Task The_doctor_tells_what_is_missing_by_its_exit_code()
    {
        var run = await CommandRun.Of("doctor", "--device", "cuda:99");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("cuda:99", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_refuses_unknown_shapes_and_sizes()
    {
        (await CommandRun.Of("starkv-bench", "prefill", "--shape", "9b", "--device", "cpu")).Refused("'9b'", "7b, 3b, qwen3-vl-2b");
        (await CommandRun.Of("starkv-bench", "decode", "--size", "wide", "--device", "cpu")).Refused("wide", "WIDTHxHEIGHT");
    }

    [Fact]
    public async Task Conformance_of_nothing_is_refused()
    {
        (await CommandRun.Of("conformance", _folder.File("none"))).Refused("There is no folder", "none");
        (await CommandRun.Of("conformance", _folder.Path)).Refused("no vector file", _folder.Path);
    }

    [Fact]
    public async Task Conformance_that_passes_exits_with_0_and_one_that_fails_with_1()
    {
        Assert.Equal(0, (await CommandRun.Of("conformance", RepositoryFiles.Path("tests", "vectors", "cases"))).ExitCode);
        var cases = _folder.Copy("tests", "vectors", "cases", "model_vectors.json");
        File.WriteAllText(cases, File.ReadAllText(cases).Replace("\"7B_bf16_per_token\": 57344", "\"7B_bf16_per_token\": 57345", StringComparison.Ordinal));
        var run = await CommandRun.Of("conformance", _folder.Path, "--failures", "--json");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Equal(1, run.Json.GetProperty("failed").GetInt32());
        var failure = Assert.Single(run.Json.GetProperty("cases").EnumerateArray());
        Assert.Contains("57344 where 57345 is expected", failure.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
