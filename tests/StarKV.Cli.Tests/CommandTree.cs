using System.CommandLine;
using System.Text;
using StarKV.Bench;
using StarKV.Cli.Help;

namespace StarKV.Cli.Tests;

/// <summary>Both commands with all their verbs, without running one. A verb of <c>starkv-bench</c> has that word in front.</summary>
internal static class CommandTree
{
    /// <summary>What is typed for the second command.</summary>
    public const string BenchName = BenchCommand.Name;

    /// <summary>The whole command <c>starkv</c>.</summary>
    public static Command Root { get; } = StarKvCommand.Create(Terminal.OfProcess());

    /// <summary>The whole command <c>starkv-bench</c>.</summary>
    public static Command Bench { get; } = BenchCommand.Create(Terminal.OfProcess(BenchName));

    /// <summary>Every verb that does something, with the words that lead to it.</summary>
    public static IReadOnlyList<(string Verb, Command Command)> Verbs { get; } =
    [
        .. All(Root).Where(c => c.Action is not null).Select(c => (HelpPage.Path(c), c)),
        .. All(Bench).Where(c => c.Action is not null).Select(c => ($"{BenchName} {HelpPage.Path(c)}".Trim(), c)),
    ];

    /// <summary>Every verb's options.</summary>
    public static IReadOnlyList<(string Verb, Option Option)> Options { get; } = [.. Verbs.SelectMany(v => v.Command.Options.Select(o => (v.Verb, o)))];

    /// <summary>The examples and the page of a verb.</summary>
    public static (IReadOnlyList<Example> Examples, string Page) Help(string verb)
    {
        var isBench = IsBench(verb.Split(' '));
        var (topics, name) = isBench ? (BenchExamples.Topics, verb[BenchName.Length..].Trim()) : (Examples.Topics, verb);
        return (topics.Of(name), topics.Page(name));
    }

    /// <summary>Parses a line as typed: words with quotes, <c>starkv</c> or <c>starkv-bench</c> in front.</summary>
    public static ParseResult Parse(string line)
    {
        var words = Words(line);
        return Parse(IsBench(words) ? words : [.. words.Skip(1)]);
    }

    /// <summary>Parses words; without <c>starkv-bench</c> in front they are those of <c>starkv</c>.</summary>
    public static ParseResult Parse(IReadOnlyList<string> words) => IsBench(words) ? Bench.Parse([.. words.Skip(1)]) : Root.Parse(words);

    /// <summary>Whether the words call <c>starkv-bench</c>.</summary>
    public static bool IsBench(IReadOnlyList<string> words) => words is [BenchName, ..];

    /// <summary>The words of a line as a shell takes it apart.</summary>
    public static IReadOnlyList<string> Words(string line)
    {
        var (words, word, quote) = (new List<string>(), (StringBuilder?)null, '\0');
        foreach (var sign in line)
        {
            if (quote == '\0' && sign == ' ')
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
                continue;
            }

            word ??= new StringBuilder();
            if (sign is '\'' or '"' && quote is '\0')
                quote = sign;
            else if (sign == quote)
                quote = '\0';
            else
                word.Append(sign);
        }

        return word is null ? words : [.. words, word.ToString()];
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}
