using System.Diagnostics;

namespace StarKV.Cli;

/// <summary>This program as a process of its own, all three streams of which belong to whoever starts it.</summary>
internal static class OwnProgram
{
    /// <summary>How to start it.</summary>
    /// <param name="arguments">Its command line.</param>
    public static ProcessStartInfo With(IEnumerable<string> arguments) =>
        new(Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
