using System.Diagnostics;

namespace StarKV.Cli.Tests.Commands;

/// <summary>Runs that are split over processes, and killed.</summary>
public sealed class EvalDevicesTests : IDisposable
{
    private static readonly string[] s_run =
    [
        "eval", "minigui", "--limit", "24", "--filter", "size=336x336", "--filter", "frames=1", "--method", "snapkv,random", "--keep", "10%",
    ];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_run_in_two_processes_that_is_killed_twenty_times_ends_like_one_that_is_not()
    {
        var whole = _temp.File("whole");
        Assert.True(Finish("--out", whole, "--device", "cpu") is 0 or 1);

        var split = _temp.File("split");
        var random = new Random(7);
        for (var kill = 0; kill < 20; kill++)
        {
            using var process = Start("--out", split, "--devices", "cpu,cpu");
            process.WaitForExit(random.Next(200, 4000));
            // Now and then the parent alone: its children end with it.
            process.Kill(entireProcessTree: kill % 2 == 0);
            process.WaitForExit();
        }

        Assert.True(Finish("--out", split, "--devices", "cpu,cpu") is 0 or 1);
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "summary.json")), File.ReadAllText(Path.Combine(split, "summary.json")));
        var tasks = Directory.GetFiles(split, "samples-*.jsonl").SelectMany(File.ReadAllLines).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("task").GetString()).ToList();
        Assert.Equal(24, tasks.Count);
        Assert.Equal(24, tasks.Distinct().Count());
    }

    [Fact]
    public async Task Devices_that_cannot_be_are_refused()
    {
        (await CommandRun.Of([.. s_run, "--devices", "cpu,,cpu", "--out", _temp.File("a")])).Refused("'cpu,,cpu'", "cpu,cpu");
        (await CommandRun.Of([.. s_run, "--devices", "cpu", "--shard", "1/2", "--out", _temp.File("a")])).Refused("--shard");
    }

    [Fact]
    public async Task A_shard_that_fails_says_why()
    {
        var run = await CommandRun.Of([.. s_run, "--devices", "cpu,tpu", "--out", _temp.File("a")]);
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("shard 2/2 on tpu", run.Error, StringComparison.Ordinal);
        Assert.Contains("Device 'tpu' is unknown", run.Error, StringComparison.Ordinal);
    }

    private static int Finish(params string[] options)
    {
        using var process = Start(options);
        process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Process Start(params string[] options) => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), [.. s_run, .. options])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
