using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using StarKV.Runtime;

namespace StarKV.Evaluation.Runs;

/// <summary>The program and the machine of a run or a measurement.</summary>
public sealed record RunEnvironment
{
    /// <value>Version and commit, such as <c>0.1.0+8961d09…</c>.</value>
    public required string Version { get; init; }

    /// <value>The .NET runtime.</value>
    public required string Runtime { get; init; }

    /// <value>The libraries that results may depend on, with their versions.</value>
    public required IReadOnlyDictionary<string, string> Libraries { get; init; }

    /// <value>The operating system.</value>
    public required string System { get; init; }

    /// <value>Cores that the process may use.</value>
    public required int Cores { get; init; }

    /// <value>Threads of one tensor operation.</value>
    public required int Threads { get; init; }

    /// <value>The processor's name; null where the system does not say it.</value>
    public string? Processor { get; init; }

    /// <value>The card's name, driver and memory; null on the CPU.</value>
    public string? Card { get; init; }

    /// <value>When it was looked at, in UTC.</value>
    public required string Utc { get; init; }

    /// <summary>Looks at this process.</summary>
    /// <param name="compute">Where the model runs; null (default) for the CPU.</param>
    public static RunEnvironment Now(Compute? compute = null)
    {
        var libtorch = LibTorch.Load();
        return new RunEnvironment
        {
            Version = VersionOf(typeof(RunEnvironment)),
            Runtime = RuntimeInformation.FrameworkDescription,
            Libraries = new Dictionary<string, string>
            {
                ["libtorch"] = $"{LibtorchVersion(libtorch)} {(libtorch.HasCuda ? "CUDA" : "CPU")}",
                ["TorchSharp"] = Number(typeof(TorchSharp.torch)),
                ["SkiaSharp"] = Number(typeof(SkiaSharp.SKBitmap)),
                ["Microsoft.ML.Tokenizers"] = Number(typeof(Microsoft.ML.Tokenizers.Tokenizer)),
            },
            System = RuntimeInformation.OSDescription,
            Cores = Environment.ProcessorCount,
            Threads = TorchSharp.torch.get_num_threads(),
            Processor = ProcessorName("/proc/cpuinfo"),
            Card = compute is { IsCuda: true } ? CardOf(compute.Device.index) : null,
            Utc = TimeProvider.System.GetUtcNow().ToString("u"),
        };
    }

    private static string? ProcessorName(string file) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        : null;

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string Number(Type type) => VersionOf(type).Split('+')[0];

    /// <summary>
    /// A Python install has its version in a file next to the library; the NuGet package is the version TorchSharp was built for.
    /// </summary>
    private static string LibtorchVersion(LibTorchInfo libtorch)
    {
        var file = Path.Combine(libtorch.Folder, "..", "version.py");
        return File.Exists(file)
            && File.ReadLines(file).FirstOrDefault(l => l.StartsWith("__version__", StringComparison.Ordinal)) is { } line
            ? line.Split('=')[1].Trim(' ', '\'', '"')
            : libtorch.Version;
    }

    /// <summary>What the card's own tool says; null where the tool is missing.</summary>
    private static string? CardOf(int index)
    {
        try
        {
            string[] query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader", $"--id={index}"];
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", query) { RedirectStandardOutput = true });
            return process?.StandardOutput.ReadToEnd().Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
