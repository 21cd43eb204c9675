using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StarKV.Decode;
using StarKV.Input;

namespace StarKV.Tests;

/// <summary>Asks an agent for more than the process may have, then for what it can do.</summary>
internal static partial class ShortMemory
{
    private const int AddressSpace = 9;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(Action<string> say)
    {
        using var agent = GuiAgent.Load(Environment.GetEnvironmentVariable("STARKV_TEST_MODEL")!, "cpu");
        var options = new GroundingOptions { Generation = new GenerationOptions { MaxNewTokens = 6 } };
        var small = Picture(112);
        var large = Picture(2800);
        // Threads, kernels and code of every stage are there before memory becomes short.
        agent.Ground(Picture(448), "Click", options);
        var expected = agent.Ground(small, "Click", options).Text;
        var tensors = agent.LiveTensors;

        Allow((Used() + (400 << 10)) << 10);
        for (var i = 0; i < 3; i++)
        {
            try
            {
                agent.Ground(large, "Click", options);
                say("answered");
            }
            catch (Exception e)
            {
                say($"refused {e.GetType().Name}: {e.Message}");
            }
        }

        say($"same answer {agent.Ground(small, "Click", options).Text == expected}, tensors left {agent.LiveTensors - tensors}");
        return 0;
    }

    private static Screenshot Picture(int side)
    {
        var rgb = new byte[3 * side * side];
        new Random(side).NextBytes(rgb);
        return Screenshot.FromRgb(rgb, side, side);
    }

    /// <summary>The process's address space in KiB.</summary>
    private static long Used() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(l => l.StartsWith("VmSize:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static void Allow(long bytes)
    {
        var limit = new Limit { Current = (ulong)bytes, Most = ulong.MaxValue };
        if (Set(AddressSpace, limit) != 0)
            throw new InvalidOperationException("setrlimit failed");
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current, Most;
    }
}
