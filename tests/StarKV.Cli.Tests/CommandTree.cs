using System.CommandLine;
using System.Text;
using StarKV.Cli.Help;

namespace StarKV.Cli.Tests;

/// <summary>The command with all its verbs, without running one.</summary>
internal static class CommandTree
{
    /// <summary>The whole command.</summary>
    public static Command Root { get; } = StarKvCommand.Create(Terminal.OfProcess());

    /// <summary>Every verb that does something, with the words that lead to it.</summary>
    public static IReadOnlyList<(string Verb, Command Command)> Verbs { get; } = [.. All(Root).Where(c => c.Action is not null).Select(c => (HelpPage.Path(c), c))];

    /// <summary>Every verb's options.</summary>
    public static IReadOnlyList<(string Verb, Option Option)> Options { get; } = [.. Verbs.SelectMany(v => v.Command.Options.Select(o => (v.Verb, o)))];

    /// <summary>Parses a line as typed: words with quotes, <c>starkv</c> in front.</summary>
    public static ParseResult Parse(string line) => Root.Parse([.. Words(line).Skip(1)]);

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
