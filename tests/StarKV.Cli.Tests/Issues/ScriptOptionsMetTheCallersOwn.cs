using System.CommandLine;
using System.Diagnostics;

namespace StarKV.Cli.Tests.Issues;

/// <summary>
/// <c>bench/gpu.sh OUT --repeats 3</c> called <c>sessions --repeats 2 --repeats 3</c>, after minutes on the card. Here the scripts run with commands that
/// only write down how they were called.
/// </summary>
public sealed class ScriptOptionsMetTheCallersOwn : IDisposable
{
    private readonly TempFolder _folder = new();

    public ScriptOptionsMetTheCallersOwn()
    {
        foreach (var program in new[] { "starkv", "starkv-bench", "python3", "nvidia-smi", "ncu", "compute-sanitizer" })
        {
            // The command behind a tool is called by it.
            var rest = program is "ncu" or "compute-sanitizer" ? "while [ $# -gt 0 ] && [ \"$1\" != \"$STARKV\" ] && [ \"$1\" != \"$STARKV_BENCH\" ]; do shift; done\n\"$@\"\n" : "";
            _folder.Script(program, $"printf '%s\\t' {program} \"$@\" >> '{_folder.File("calls")}'\necho >> '{_folder.File("calls")}'\n{rest}[ {program} = python3 ] && [ \"$1\" = -c ] && echo '{_folder.Path}/site/torch/lib'\nexit 0");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--repeats", "3", "--screens", "1", "2", "--shape", "3b", "--size", "560x420")]
    [InlineData("--shape=3b", "--screens", "1", "2", "--size=560x420", "--repeats=3")]
    public void What_the_caller_says_reaches_every_scenario_once(params string[] options)
    {
        Assert.Equal((0, ""), Run("gpu.sh", [_folder.File("out"), .. options]));
        var calls = Calls("starkv-bench");
        Assert.Equal(["prefill", "step", "decode", "sessions", "sessions", "select", "memory", "hold", "load", "answers"], calls.Select(c => c[1]));
        foreach (var call in calls)
        {
            var parsed = Parsed(call);
            Assert.Equal([], parsed.Errors.Select(e => $"{string.Join(' ', call)}: {e.Message}"));
            if (call[1] is "load" or "answers")
                continue;
            Assert.Equal([1, 2], parsed.GetValue<int[]>("--screens")!);
            Assert.Equal(("3b", "560x420"), (parsed.GetValue<string>("--shape"), parsed.GetValue<string>("--size")));
        }

        Assert.Equal([3, 3, 3, 3, 2, 3, 2, 3], calls.Take(8).Select(c => Parsed(c).GetValue<int>("--repeats")));
        Assert.Equal(["--shape", "3b"], Calls("python3").Single(c => c[1].EndsWith("transformers_peer.py", StringComparison.Ordinal)).SkipWhile(w => w != "--shape").Take(2));
    }

    [Fact]
    public void Without_options_the_scenarios_have_their_own_defaults()
    {
        Assert.Equal((0, ""), Run("gpu.sh", _folder.File("out")));
        Assert.All(Calls("starkv", "starkv-bench"), call => Assert.Empty(Parsed(call).Errors));
    }

    [Theory]
    [InlineData("gpu.sh", "'--method' is none of its options", "OUT", "--method", "full")]
    [InlineData("gpu.sh", "usage", "OUT", "--repeats")]
    [InlineData("gpu.sh", "usage")]
    [InlineData("gpu-train.sh", "leave --out away", "start", "OUT", "10", "1", "--steps", "3", "--out", "x")]
    [InlineData("gpu-train.sh", "usage", "start", "OUT", "10")]
    [InlineData("gpu-train.sh", "usage")]
    [InlineData("gpu-profile.sh", "usage")]
    [InlineData("gpu-save.sh", "usage")]
    public void What_a_script_does_not_take_is_refused_before_anything_runs(string script, string said, params string[] arguments)
    {
        var (code, errors) = Run(script, [.. arguments.Select(a => a == "OUT" ? _folder.File("out") : a)]);
        Assert.NotEqual(0, code);
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Empty(Calls("starkv", "starkv-bench"));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("gpu-profile.sh", "OUT", "prefill", "decode", "train")]
    [InlineData("gpu-memcheck.sh")]
    [InlineData("gpu-save.sh", "OUT", "--repeats", "3", "--device", "cuda:1")]
    public void Other_scripts_call_what_the_command_takes(string script, params string[] arguments)
    {
        Run(script, [.. arguments.Select(a => a == "OUT" ? _folder.File("out") : a)]);
        Assert.NotEmpty(Calls("starkv", "starkv-bench"));
        Assert.All(Calls("starkv", "starkv-bench"), call => Assert.Equal([], Parsed(call).Errors.Select(e => $"{string.Join(' ', call)}: {e.Message}")));
    }

    private (int Code, string Errors) Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [RepositoryFiles.Path("bench", script), .. arguments]);
        start.Environment["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["STARKV"] = _folder.File("starkv");
        start.Environment["STARKV_BENCH"] = _folder.File("starkv-bench");
        var (code, _, errors) = TestPrograms.Run(start);
        return (code, errors);
    }

    private static ParseResult Parsed(string[] call) => CommandTree.Parse(call[0] == CommandTree.BenchName ? call : call[1..]);

    /// <summary>How programs were called, call by call: its name and its arguments.</summary>
    private List<string[]> Calls(params string[] programs) => !File.Exists(_folder.File("calls")) ? []
        : [.. File.ReadAllLines(_folder.File("calls")).Select(line => line.TrimEnd('\t').Split('\t')).Where(call => programs.Contains(call[0]))];
}
