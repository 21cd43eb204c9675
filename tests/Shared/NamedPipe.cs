using System.Diagnostics;

namespace StarKV.Tests;

/// <summary>Pipes with names, which nobody reads.</summary>
internal static class NamedPipe
{
    /// <summary>Makes one and returns its path.</summary>
    public static string Make(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return process.ExitCode == 0 ? path : throw new IOException($"mkfifo {path} failed");
    }
}
