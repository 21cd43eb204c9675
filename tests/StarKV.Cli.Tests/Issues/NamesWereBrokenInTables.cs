using System.Text.RegularExpressions;
using StarKV.Score;

namespace StarKV.Cli.Tests.Issues;

/// <summary>At 80 columns <c>methods star-kv</c> wrote <c>temperature-smoothin</c> and a <c>g</c> below it: a copied name was wrong.</summary>
public sealed class NamesWereBrokenInTables
{
    private const int Columns = 80;

    [Fact]
    public async Task Every_method_shows_its_options_in_full()
    {
        foreach (var method in Methods.All)
        {
            var shown = (await CommandRun.In(Columns, "methods", method.Name)).Out;
            Assert.All(method.Options, o => Assert.Matches($@"(?m)^ *{Regex.Escape(o.Name)} ", shown));
            Assert.All(method.Presets, p => Assert.Contains($"preset {p.Name} ", shown, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_list_of_methods_has_every_option_in_full()
    {
        var shown = (await CommandRun.In(Columns, "methods")).Out;
        Assert.All(Methods.All, m => Assert.Matches($@"(?m)^ *{Regex.Escape(m.Name)} ", shown));
        Assert.All(Methods.All.SelectMany(m => m.Options), o => Assert.Matches($@"(?m) {Regex.Escape(o.Name)} ", shown));
    }

    [Fact]
    public async Task Help_breaks_lines_but_no_names()
    {
        foreach (var (verb, command) in CommandTree.Verbs)
        {
            var help = (await CommandRun.In(Columns, [.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Out;
            Assert.All(command.Options, o => Assert.Matches($@"(?m)^ .*{Regex.Escape(o.Name)}( |$)", help));
            // Examples are typed as they stand, and stand on one line.
            Assert.All(help.Split("\nExamples:")[0].Split('\n'), line => Assert.True(line.Length <= Columns || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
        }
    }
}
