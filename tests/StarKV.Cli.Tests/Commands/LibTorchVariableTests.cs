using System.Diagnostics;
using StarKV.Runtime;

namespace StarKV.Cli.Tests.Commands;

/// <summary>libtorch is loaded once a process, so a folder without it is tried in a process of its own.</summary>
public sealed class LibTorchVariableTests : IDisposable
{
    private readonly TempFolder _empty = new();

    public void Dispose() => _empty.Dispose();

    [Fact]
    public void The_doctor_says_what_is_wrong_with_the_folder()
    {
        var run = Child("doctor", "--device", "cpu");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains(LibTorch.FolderVariable, run.Out, StringComparison.Ordinal);
        Assert.Contains("libtorch_cpu.so", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("conformance")]
    public void Other_verbs_refuse_with_one_sentence(string verb)
    {
        string[] arguments = verb == "demo" ? ["demo", "--overlay", _empty.File("kept.png")] : ["conformance", RepositoryFiles.Path("tests", "vectors", "golden", "policy")];
        Child(arguments).Refused(LibTorch.FolderVariable, _empty.Path, "libtorch_cpu.so");
    }

    private CommandRun Child(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "StarKV.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryFiles.Path(),
            Environment = { [LibTorch.FolderVariable] = _empty.Path },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
