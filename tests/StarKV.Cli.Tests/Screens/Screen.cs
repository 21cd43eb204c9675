using System.Text;

namespace StarKV.Cli.Tests.Screens;

/// <summary>A command line and all that it showed, as a snapshot has it.</summary>
internal static class Screen
{
    /// <summary>Columns that no path fills.</summary>
    private const int Wide = 500;

    /// <summary>Runs a command line and compares what it showed with a snapshot.</summary>
    /// <param name="snapshot">The snapshot's name.</param>
    /// <param name="scrubber">Replaces what differs between machines.</param>
    /// <param name="arguments">The words after <c>starkv</c>.</param>
    public static async Task<CommandRun> Check(string snapshot, Scrubber scrubber, params string[] arguments)
    {
        var run = await CommandRun.In(Wide, arguments);
        // Scrubbed before they are quoted: a path may hold a blank.
        Snapshot.Check(snapshot, scrubber.Of(Of(run, [.. arguments.Select(scrubber.Of)])));
        return run;
    }

    /// <summary>The command line, the exit code, and both streams.</summary>
    public static string Of(CommandRun run, params string[] arguments)
    {
        var text = new StringBuilder($"$ starkv {string.Join(' ', arguments.Select(Quoted))}\nexit code {run.ExitCode}\n");
        foreach (var (name, lines) in new[] { ("stdout", run.Out), ("stderr", run.Error) })
        {
            if (lines.Length > 0)
                text.Append($"-- {name}\n{lines.TrimEnd('\n')}\n");
        }

        return text.ToString();
    }

    private static string Quoted(string word) => word.Length == 0 || word.Any(c => !char.IsLetterOrDigit(c) && !"-_./:,=%@+{}".Contains(c)) ? $"'{word}'" : word;
}
