using System.Reflection;
using System.Runtime.InteropServices;
using StarKV.Runtime;

namespace StarKV.Cli.Commands.Bench;

/// <summary>The circumstances of a measurement.</summary>
internal static class Machine
{
    public static object Describe() => new
    {
        Program = "starkv",
        Version = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Cores = Environment.ProcessorCount,
        Processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim(),
        LibtorchHasCuda = LibTorch.Load().HasCuda,
        TorchSharpBuiltFor = LibTorch.Load().Version,
        Utc = TimeProvider.System.GetUtcNow().ToString("u"),
    };
}
