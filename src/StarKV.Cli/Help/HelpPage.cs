using System.Collections;
using System.CommandLine;
using System.Globalization;

namespace StarKV.Cli.Help;

/// <summary>The help of a verb: everything it shows is written here, from the verb's own symbols and the command's topics.</summary>
/// <param name="writer">Where it goes.</param>
/// <param name="width">Columns of a line. Names are never parted.</param>
/// <param name="topics">The examples and pages of the whole command.</param>
internal sealed class HelpPage(TextWriter writer, int width, HelpTopics topics)
{
    private const int LeastDescription = 24;

    /// <summary>Writes the page of a verb.</summary>
    public void Write(Command command)
    {
        Paragraph("Description", command.Description ?? "");
        Paragraph("Usage", Usage(command));
        Columns("Arguments", command.Arguments.Select(a => (Name(a), a.Description ?? "")));
        Columns("Options", Options(command).Select(o => (Label(o), Description(o))));
        Columns(
            "Commands", command.Subcommands.Select(c => (string.Join(' ', c.Arguments.Select(Name).Prepend(c.Name)), c.Description ?? "")));
        var verb = Path(command);
        if (topics.Of(verb) is { Count: > 0 } examples)
        {
            writer.WriteLine("Examples:");
            foreach (var example in examples)
                writer.WriteLine($"  {example.Meaning}:\n    {example.Line}");
            writer.WriteLine();
        }

        writer.WriteLine($"Learn more:\n    {topics.Page(verb)} in the project's repository");
    }

    /// <summary>
    /// The verbs that lead to a command, such as <c>eval minigui</c>; empty for <c>starkv</c> or <c>starkv-bench</c> itself.
    /// </summary>
    public static string Path(Command command)
    {
        var verbs = new Stack<string>();
        foreach (var at in Parents(command).Prepend(command).SkipLast(1))
            verbs.Push(at.Name);
        return string.Join(' ', verbs);
    }

    /// <summary>A default as it is typed; null when there is none to show.</summary>
    public static string? Default(Option option) =>
        option.HasDefaultValue && option.ValueType != typeof(bool) ? Text(option.GetDefaultValue()) : null;

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        // Names.Of wants the type, which is not known here.
        Enum name => name.ToString().ToLowerInvariant(),
        IEnumerable list => string.Join(' ', list.Cast<object?>().Select(Text)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>The commands above a command, up to <c>starkv</c> or <c>starkv-bench</c> itself.</summary>
    private static IEnumerable<Command> Parents(Command command)
    {
        for (var at = Above(command); at is not null; at = Above(at))
            yield return at;

        static Command? Above(Command one) => one.Parents.OfType<Command>().FirstOrDefault();
    }

    private static IEnumerable<Option> Options(Command command)
    {
        var inherited = Parents(command).SelectMany(p => p.Options).Where(o => o.Recursive);
        var shown = command.Options.Concat(inherited).Where(o => !o.Hidden).ToList();
        // Help comes last, as the least of them.
        return shown.Where(o => o is not System.CommandLine.Help.HelpOption).Concat(shown.OfType<System.CommandLine.Help.HelpOption>());
    }

    private static string Usage(Command command)
    {
        var words = new List<string> { $"{Parents(command).LastOrDefault(command).Name} {Path(command)}".TrimEnd() };
        words.AddRange(command.Arguments.Select(Name));
        if (command.Subcommands.Count > 0)
            words.Add("[command]");
        return string.Join(' ', words.Append("[options]"));
    }

    private static string Name(Argument argument)
    {
        var name = $"<{argument.HelpName ?? argument.Name}>{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a.StartsWith('-')).Order(StringComparer.Ordinal).Append(option.Name));
        var value = option.HelpName is { } name && option.ValueType != typeof(bool) ? $" <{name}>" : "";
        return $"{names}{value}{(option.Required ? " (REQUIRED)" : "")}";
    }

    private static string Description(Option option) =>
        Default(option) is { } standard ? $"{option.Description} [default: {standard}]" : option.Description ?? "";

    private void Paragraph(string title, string text)
    {
        writer.WriteLine($"{title}:");
        foreach (var line in Wrapped(text, width - 2))
            writer.WriteLine($"  {line}");
        writer.WriteLine();
    }

    private void Columns(string title, IEnumerable<(string Name, string Meaning)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        writer.WriteLine($"{title}:");
        var first = all.Max(r => r.Name.Length) + 4;
        foreach (var (name, meaning) in all)
        {
            foreach (var (i, line) in Wrapped(meaning, Math.Max(LeastDescription, width - first)).Index())
                writer.WriteLine($"{(i == 0 ? $"  {name}" : "").PadRight(first)}{line}".TrimEnd());
        }

        writer.WriteLine();
    }

    /// <summary>Lines of at most so many columns; a longer word has a line of its own. At least one line.</summary>
    private static IEnumerable<string> Wrapped(string text, int columns)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > columns)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
