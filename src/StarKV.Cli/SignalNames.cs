namespace StarKV.Cli;

/// <summary>Names of the signals that end a process, by the exit code that .NET reports for them.</summary>
internal static class SignalNames
{
    /// <summary>The exit code that stands for signal 0.</summary>
    public const int First = 128;

    /// <summary>The signal's name; null for the exit code of a process that ended by itself.</summary>
    public static string? Of(int exitCode) => exitCode <= First ? null : (exitCode - First) switch
    {
        2 => "SIGINT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        31 => "SIGSYS",
        var other => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"signal {other}"),
    };
}
