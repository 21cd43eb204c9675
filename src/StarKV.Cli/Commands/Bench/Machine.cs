using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using StarKV.Runtime;

namespace StarKV.Cli.Commands.Bench;

/// <summary>The circumstances of a measurement.</summary>
internal static class Machine
{
    /// <param name="compute">Where it was measured; null for the CPU.</param>
    public static object Describe(Compute? compute = null) => new
    {
        Program = "starkv",
        Version = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Cores = Environment.ProcessorCount,
        Processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim(),
        Card = compute is { IsCuda: true } ? Card(compute.Device.index) : null,
        LibtorchHasCuda = LibTorch.Load().HasCuda,
        TorchSharpBuiltFor = LibTorch.Load().Version,
        Utc = TimeProvider.System.GetUtcNow().ToString("u"),
    };

    /// <summary>Name, driver and memory of a card, as its own tool says; null where the tool is missing.</summary>
    private static string? Card(int index)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader", $"--id={index}"]) { RedirectStandardOutput = true });
            return process?.StandardOutput.ReadToEnd().Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
