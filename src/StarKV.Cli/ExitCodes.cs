namespace StarKV.Cli;

/// <summary>What the command's exit code means; docs/cli.md lists them.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>
    /// The command ran, and what it checked is not as it must be: a failed vector, a missing part, an answer without an action.
    /// </summary>
    public const int Failed = 1;

    /// <summary>The command line or an input is wrong; one sentence on stderr says what and how to put it right.</summary>
    public const int BadInput = 2;

    /// <summary>A fault of the program itself; please report it.</summary>
    public const int Internal = 70;

    /// <summary>Interrupted by Ctrl-C, SIGTERM or SIGHUP.</summary>
    public const int Interrupted = 130;
}
