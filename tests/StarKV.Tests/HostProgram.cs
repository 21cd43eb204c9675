using System.Diagnostics;
using StarKV.Runtime;

namespace StarKV.Tests;

/// <summary>A copy of tests/HostProgram as it was built, without libtorch.</summary>
internal sealed class HostProgram : IDisposable
{
    private readonly TempFolder _folder = new();

    public HostProgram()
    {
        var built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../HostProgram/bin", Configuration(), "net10.0"));
        foreach (var file in Directory.EnumerateFiles(built))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
    }

    public string Folder => _folder.Path;

    /// <summary>What a reference to the libtorch package does, by links.</summary>
    public void PutLibTorchBeside()
    {
        foreach (var library in Directory.EnumerateFiles(LibTorch.Load().Folder, "lib*.so*"))
            File.CreateSymbolicLink(Path.Combine(Folder, Path.GetFileName(library)), library);
    }

    /// <summary>Runs it with an order, which may have words after it.</summary>
    public (int Code, string[] Lines) Run(string order, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in order.Split(' ').Prepend(Path.Combine(Folder, "HostProgram.dll")))
            start.ArgumentList.Add(word);
        start.Environment.Remove(LibTorch.FolderVariable);
        start.Environment.Remove(LibTorch.PatchVariable);
        // No culture of the system is asked for, so that machines without ICU run this.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = process.StandardOutput.ReadToEnd().Split('\n').Where(line => line.StartsWith("> ", StringComparison.Ordinal)).Select(line => line[2..]).ToArray();
        process.WaitForExit();
        Assert.True(errors.Result.Length == 0, errors.Result);
        return (process.ExitCode, lines);
    }

    public void Dispose() => _folder.Dispose();

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
