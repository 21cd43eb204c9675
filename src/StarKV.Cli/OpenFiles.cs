using System.Runtime.InteropServices;

namespace StarKV.Cli;

/// <summary>
/// How many files this process may have open. .NET keeps two for each of its own libraries, so a low limit ends it in the middle of a
/// sentence.
/// </summary>
/// <remarks>Uses nothing but the runtime's core: with a low limit no other library can be loaded.</remarks>
public static unsafe partial class OpenFiles
{
    /// <summary>Enough for every verb: the greediest uses about 90.</summary>
    public const int Least = 128;

    private const int OpenFileLimit = 7, StandardError = 2;

    /// <summary>
    /// Whether the limit is high enough; where it is not, one sentence on stderr says so. .NET has raised it as far as the system lets it.
    /// </summary>
    /// <param name="command">The command that says it, in ASCII.</param>
    public static bool AreEnough(ReadOnlySpan<byte> command)
    {
        Limit limit;
        if (!OperatingSystem.IsLinux() || Get(OpenFileLimit, &limit) != 0 || limit.Current >= Least)
            return true;
        Say(command);
        Say(": this process may open "u8);
        Say((long)limit.Current);
        Say(" files; "u8);
        Say(command);
        Say(" needs "u8);
        Say(Least);
        Say(". Raise the limit: ulimit -n, or LimitNOFILE= of a service.\n"u8);
        return false;
    }

    private static void Say(ReadOnlySpan<byte> text)
    {
        fixed (byte* bytes = text)
            _ = Write(StandardError, bytes, text.Length);
    }

    private static void Say(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        var at = digits.Length;
        do
        {
            digits[--at] = (byte)('0' + number % 10);
            number /= 10;
        }
        while (number > 0);
        Say(digits[at..]);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte* bytes, nint count);

    private struct Limit
    {
        public ulong Current, Most;
    }
}
