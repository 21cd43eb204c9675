namespace StarKV.Cli.Tests.Issues;

/// <summary><c>ground</c> gave a click and exit code 0 for an answer that the token limit had cut.</summary>
public sealed class CutAnswersExitedWithZero
{
    private static readonly MiniSample s_sample = MiniSample.Of("text_0");

    private static Task<CommandRun> Ground(int tokens, params string[] more) => CommandRun.Of(
        ["ground", "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu", "--method", "full", "--image", s_sample.Files()[0],
        "--instruction", s_sample.Instruction, "--max-new-tokens", $"{tokens}", .. more]);

    [Theory]
    [Trait("outside", "1.28")]
    [InlineData(9)]
    [InlineData(12)]
    public async Task A_cut_click_is_an_error_and_exit_code_1(int tokens)
    {
        var run = await Ground(tokens, "--json");

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.False(run.Json.TryGetProperty("action", out _));
        var findings = run.Json.GetProperty("diagnostics").EnumerateArray().Select(d => (d.GetProperty("code").GetString(), d.GetProperty("severity").GetString()));
        Assert.Contains(("cut-off", "error"), findings);
    }

    [Fact]
    public async Task The_table_names_the_error_and_the_way_out()
    {
        var run = await Ground(12);

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("none (cut-off)", run.Out, StringComparison.Ordinal);
        Assert.Contains("--max-new-tokens", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_click_is_exit_code_0() => Assert.Equal(ExitCodes.Success, (await Ground(64)).ExitCode);

    [Fact]
    public async Task An_answer_that_a_stop_string_ends_inside_a_call_is_exit_code_1()
    {
        var run = await Ground(64, "--json", "--stop", "'(");

        Assert.Equal("stop", run.Json.GetProperty("finish").GetString());
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
    }
}
