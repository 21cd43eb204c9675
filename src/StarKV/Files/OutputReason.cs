namespace StarKV.Files;

/// <summary>Why something could not be written, in words that follow a colon.</summary>
#pragma warning disable IDE0040 // Public in the engine (SharedWithMiniGui.cs), internal in StarKV.MiniGui, which compiles this file too.
static partial class OutputReason
#pragma warning restore IDE0040
{
    private const int NoFolder = 20, Busy = 16, NoSpace = 28, ReadOnly = 30, LinkLoop = 40, Quota = 122;

    /// <summary>Whether an exception is the file system's and not a fault of the program.</summary>
    public static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException || IsTooLarge(e);

    /// <summary>Whether an exception is the file system's or says that a path is none.</summary>
    public static bool IsOfPaths(Exception e) => IsOfFiles(e) || e is NotSupportedException or ArgumentException;

    /// <summary>What went wrong without the name of a temporary file, which would mean nothing to a reader.</summary>
    public static string Of(Exception e) => e switch
    {
        { HResult: NoSpace } => "the disk is full",
        { HResult: Quota } => "the quota of the disk is used up",
        _ when IsTooLarge(e) => "the file would be larger than the disk or the limit of the process (ulimit -f) allows",
        { HResult: ReadOnly } => "the disk is mounted read-only",
        { HResult: LinkLoop } => "its symbolic links lead in a circle",
        { HResult: Busy } => "it is in use, such as for a mounted disk",
        { HResult: NoFolder } => "a part of the path is a file, not a folder",
        UnauthorizedAccessException => "access is denied",
        DirectoryNotFoundException or FileNotFoundException => "no file can be made",
        PathTooLongException => "the path is too long",
        ArgumentException => "this is not a file name",
        // The runtime puts the path after a colon or into a sentence.
        _ when e.Message.IndexOf(" : '", StringComparison.Ordinal) is var end and > 0 => e.Message[..end],
        _ => e.Message.Contains('\'', StringComparison.Ordinal) ? "no file can be made" : e.Message.TrimEnd('.'),
    };

    /// <summary>Whether a write went beyond what a file may have: the runtime calls that an argument out of range.</summary>
    private static bool IsTooLarge(Exception e) =>
        e is ArgumentOutOfRangeException { ParamName: "value", TargetSite.DeclaringType.Namespace: "System.IO" };
}
