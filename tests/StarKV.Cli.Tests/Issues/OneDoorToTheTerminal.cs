using System.Text.RegularExpressions;

namespace StarKV.Cli.Tests.Issues;

/// <summary>What is printed goes through <see cref="Terminal"/> and <see cref="Tables"/>, which escape it; a second way out would be one that somebody forgets to guard (reliability F3).</summary>
public sealed partial class OneDoorToTheTerminal
{
    /// <summary>Files that may name the streams or Spectre's markup, and why.</summary>
    private static readonly Dictionary<string, string> s_allowed = new()
    {
        ["src/StarKV.Cli/Terminal.cs"] = "the door",
        ["src/StarKV.Cli/Tables.cs"] = "cells, all of them ConsoleMarkup",
        ["src/StarKV.Cli/ConsoleMarkup.cs"] = "the escaping itself",
    };

    [Fact]
    public void Nothing_else_writes_to_the_terminal()
    {
        var others = Sources().Where(f => !s_allowed.ContainsKey(f.Name))
            .SelectMany(f => WaysOut().Matches(f.Code).Select(m => $"{f.Name}: {m.Value}"));
        Assert.Empty(others);
    }

    [Fact]
    public void Every_exception_is_still_needed() =>
        Assert.All(s_allowed.Keys, name => Assert.Matches(WaysOut(), Sources().Single(f => f.Name == name).Code));

    private static IEnumerable<(string Name, string Code)> Sources() =>
        RepositoryFiles.Sources().Select(name => (name, Comment().Replace(File.ReadAllText(RepositoryFiles.Path(name)), "")));

    // Reading the standard input is no way out.
    [GeneratedRegex(@"\bConsole\.(?!In\b|Markup\b)\w+|\bAnsiConsole\b|\bMarkup(Line)?(Interpolated)?\(|\bMarkup\.\w+|\.AddRow\(|\.AddColumns\(|\.AddColumn\((?!Tables\.)|new (Text|Paragraph|Panel|Rule|TableColumn|TextPath)\(|\bOpenStandard(Output|Error)\b|\b(Debug|Trace)\.Write")]
    private static partial Regex WaysOut();

    [GeneratedRegex(@"//.*|^using .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
