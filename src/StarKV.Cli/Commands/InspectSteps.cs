using System.CommandLine;
using StarKV.Compact;
using StarKV.Reports.Inspect;
using StarKV.Sessions;

namespace StarKV.Cli.Commands;

/// <summary>The options with which <c>starkv inspect</c> gives screenshots step by step to sessions, and what it then prints.</summary>
internal sealed class InspectSteps
{
    public Option<bool> Steps { get; } = new("--steps")
    {
        Description = "Give the screenshots one by one to a session, each with an answer, and show what each step keeps of all of them; " +
            "one method (default star-kv) at one budget.",
    };

    public Option<string> Storage { get; } = new("--storage")
    {
        Description = "With --steps: where the rows are that the cache does not hold, separated by commas, a session each: " +
            "lossless, store, evict.",
        DefaultValueFactory = _ => "lossless",
        HelpName = "LIST",
    };

    public Option<int?> Window { get; } = new("--window")
    {
        Description = "With --steps: screenshots that the conversation holds at most. Default: all.",
        HelpName = "N",
    };

    /// <summary>The compression of the steps.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="methods">Methods as written.</param>
    /// <param name="keep">Budgets as written.</param>
    /// <param name="ofOnePrompt">Options that only caches of one prompt have, which must not be given.</param>
    /// <exception cref="StarKvException">There are several, or an option has no meaning for steps.</exception>
    public static Compression ReadCompression(
        ParseResult parsed, IReadOnlyList<string> methods, string keep, IReadOnlyList<Option> ofOnePrompt)
    {
        if (ofOnePrompt.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
            throw new StarKvException($"{given.Name} compares caches of one prompt; leave it out, or leave --steps out.");
        return CompressionList.Read(methods.Count == 0 ? ["star-kv"] : methods, keep) is [var one]
            ? one
            : throw new StarKvException("--steps shows one method at one budget; name one of each, as in --method star-kv --keep 20%.");
    }

    /// <summary>The storages, in the order asked for.</summary>
    /// <exception cref="StarKvException">One is not known, or there is none.</exception>
    public IReadOnlyList<KvStorage> ReadStorages(ParseResult parsed)
    {
        var known = Enum.GetValues<KvStorage>();
        var words = parsed.GetValue(Storage)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var storages = words.Select(Read).Distinct().ToList();
        return storages.Count > 0 ? storages : throw new StarKvException($"--storage names none; give {Choice()}.");

        KvStorage Read(string word) => known.Any(s => IsNamed(s, word))
            ? known.First(s => IsNamed(s, word))
            : throw new StarKvException(
                $"--storage names '{word}'; it must be {Choice()}.{Nearest.Hint(word, known.Select(Names.Of))}");

        static bool IsNamed(KvStorage storage, string word) => Names.Of(storage).Equals(word, StringComparison.OrdinalIgnoreCase);

        string Choice() => Format.Choice(known.Select(Names.Of));
    }

    /// <summary>Refuses options that only steps have.</summary>
    /// <exception cref="StarKvException">One is given.</exception>
    public void RefuseWithoutSteps(ParseResult parsed)
    {
        if (new Option[] { Storage, Window }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
            throw new StarKvException($"{given.Name} is for sessions; add --steps, or leave it out.");
    }

    /// <summary>Prints the steps as a table.</summary>
    public static void Print(Terminal terminal, SessionInspection inspection, string? path)
    {
        var table = Tables.Of("step", ["storage", "read", "tokens", "attended to", "on the device", "on the host", "answer"]);
        for (var i = 0; i < inspection.Screens.Count; i++)
        {
            foreach (var session in inspection.Sessions)
            {
                var (step, answer) = (session.Steps[i], session.Steps[i].Answer);
                ConsoleMarkup[] cells =
                [
                    $"{i + 1}", Names.Of(session.Storage), $"{step.Report.TokensRead}", $"{step.Report.Tokens}",
                    $"{Format.Bytes(answer.Kv.Bytes)} ({Format.Percent(answer.Kv.KeptShare)})", Format.Bytes(step.Held.DeviceBytes),
                    Format.Bytes(step.Held.HostBytes), answer.Action?.ToString(answer.Coordinates) ?? "no action",
                ];
                table.Row(cells);
            }
        }

        terminal.WriteLine($"[bold]{inspection.Instruction}[/]");
        terminal.Write(table);
        foreach (var session in inspection.Sessions)
        {
            foreach (var report in session.Steps.Select(s => s.Report))
            {
                foreach (var note in report.Notes)
                    terminal.WriteLine($"{Names.Of(session.Storage)}, step {report.Step}: {note}");
            }
        }

        if (path is not null)
            terminal.WriteLine($"Page: {path}");
    }
}
