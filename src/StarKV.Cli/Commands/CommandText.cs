using System.CommandLine;

namespace StarKV.Cli.Commands;

/// <summary>A command line as it could be typed again.</summary>
internal static class CommandText
{
    /// <summary>The words as given, quoted where a shell would take them apart.</summary>
    public static string Of(ParseResult parsed) => $"starkv {string.Join(' ', parsed.Tokens.Select(t => Quoted(t.Value)))}";

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=+.,:/@%".Contains(c))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
