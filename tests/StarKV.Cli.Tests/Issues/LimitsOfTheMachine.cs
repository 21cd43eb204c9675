using System.Diagnostics;

namespace StarKV.Cli.Tests.Issues;

/// <summary>With few open files the process was aborted with a stack trace, and with little memory it asked to be reported (reliability F12).</summary>
public sealed class LimitsOfTheMachine : IDisposable
{
    private static readonly string s_model = RepositoryFiles.Path("models", "mini");

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(32)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(96)]
    [InlineData(127)]
    public void Too_few_files_are_a_sentence(int files) =>
        Limited($"ulimit -n {files}", "methods").Refused($"this process may open {files} files; starkv needs 128. Raise the limit: ulimit -n");

    [Theory]
    [InlineData("ulimit -n 128")]
    // The soft limit alone: .NET raises it.
    [InlineData("ulimit -Sn 32")]
    public void Enough_files_answer(string limit)
    {
        var run = Limited(limit, "ground", "--model", s_model, "--device", "cpu", "--image", MiniSample.All[0].Files()[0], "--instruction", "Click", "--overlay", _temp.File("kept.png"));
        Assert.True(run.ExitCode is ExitCodes.Success or ExitCodes.Failed, run.Error);
        Assert.True(File.Exists(_temp.File("kept.png")));
    }

    [Fact]
    public void Too_little_managed_memory_is_a_sentence() =>
        Limited("export DOTNET_GCHeapHardLimit=0x6000000", "ground", "--model", s_model, "--device", "cpu", "--image", Large(), "--instruction", "Click")
            .Refused("There is not enough memory for the 9000×7000 px of screenshot", "large.png", "Downscale it");

    [Fact]
    public void Too_little_memory_of_libtorch_s_is_a_sentence()
    {
        // What a small picture needs and 1 GiB: the large one needs about four times that. The address space depends on machine and runtime, so it is tried.
        var picture = Large();
        for (var gibibytes = 3; gibibytes < 12; gibibytes++)
        {
            var limit = $"ulimit -v {gibibytes << 20}; export OMP_NUM_THREADS=2 DOTNET_GCHeapHardLimit=0x30000000";
            var small = Limited(limit, "ground", "--model", s_model, "--device", "cpu", "--image", MiniSample.All[0].Files()[0], "--instruction", "Click");
            if (small.ExitCode is not (ExitCodes.Success or ExitCodes.Failed))
            {
                // Too little to begin with: a sentence where the runtime itself lives.
                Assert.DoesNotContain("internal error", small.Error, StringComparison.Ordinal);
                continue;
            }

            var large = Limited(limit, "ground", "--model", s_model, "--device", "cpu", "--image", picture, "--instruction", "Click");
            // Threads differ from run to run: what was enough for the model once may be too little now, and where the runtime itself asks at the
            // wrong moment, for a thread's stack say, it ends the process with its own two words, which no program can replace.
            if (large.Error.Contains("There is not enough memory for the model", StringComparison.Ordinal) || EndedByTheRuntime(large))
                continue;
            large.Refused("There is not enough memory for this request", "Give smaller or fewer screenshots");
            return;
        }

        Assert.Fail("No limit lets a small picture pass.");
    }

    private static bool EndedByTheRuntime(CommandRun run) => run.Error.TrimEnd().EndsWith("\nOut of memory.", StringComparison.Ordinal);

    private string Large()
    {
        using var bitmap = new SkiaSharp.SKBitmap(9000, 7000, SkiaSharp.SKColorType.Rgb565, SkiaSharp.SKAlphaType.Opaque);
        using var data = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        return _temp.Write("large.png", data.ToArray());
    }

    private static CommandRun Limited(string limit, params string[] arguments)
    {
        var (code, output, errors) = TestPrograms.Run(new ProcessStartInfo("bash", ["-c", $"{limit}; exec \"$0\" \"$@\"", Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), .. arguments]));
        return new CommandRun(code, output, errors);
    }
}
