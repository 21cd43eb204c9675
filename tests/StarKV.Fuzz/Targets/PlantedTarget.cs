using System.Diagnostics;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;

namespace StarKV.Fuzz.Targets;

/// <summary>A reader with a fault that some inputs reach: the fuzzer's own tests see by it that such a fault is found, and its input made again.</summary>
/// <param name="name">The target's name.</param>
/// <param name="fault">What happens to an input that holds the byte.</param>
internal sealed class PlantedTarget(string name, Func<string> fault) : IFuzzTarget
{
    private const byte Trigger = 0xF4;

    public string Name => name;

    public int InputsARound => 4_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfBinary();

    public IEnumerable<byte[]> Seeds() => ["a harmless input"u8.ToArray()];

    public string Run(byte[] input) => input.Contains(Trigger) ? fault()
        : input.Length % 2 == 0 ? $"{input.Length % 8}" : throw new StarKvException("an odd number of bytes is refused.");

    /// <summary>An exception that is none of ours.</summary>
    public static PlantedTarget Fault() => new("planted-fault", () => throw new InvalidOperationException("planted"));

    /// <summary>Work without an end.</summary>
    public static PlantedTarget Hang() => new("planted-hang", () =>
    {
        for (var i = 1UL; ; i++)
        {
            if (i == 0)
                return "never";
        }
    });

    /// <summary>A large array for a small input.</summary>
    public static PlantedTarget Allocation() => new("planted-allocation", () => $"{new byte[100 << 20].Length}");

    /// <summary>The end of the process.</summary>
    public static PlantedTarget Death() => new("planted-death", () =>
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
        return "";
    });

    /// <summary>A result that contradicts itself.</summary>
    public static PlantedTarget Promise() => new("planted-promise", () => throw new BrokenPromiseException("planted"));
}
