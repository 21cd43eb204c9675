using System.Reflection;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace StarKV.Cli.Tests.Docs;

/// <summary>docs/cli.md and README.md name every verb, option and exit code that the command has.</summary>
public sealed partial class CommandLineDocsTests
{
    private static string Page { get; } = File.ReadAllText(RepositoryFiles.Path("docs", "cli.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task Every_option_stands_in_the_section_of_its_verb()
    {
        var missing = new List<string>();
        foreach (var verb in Verbs(await Help()))
        {
            var section = Section(verb);
            Assert.NotEqual("", section);
            foreach (var help in await HelpOfAll(verb))
                missing.AddRange(Option().Matches(help).Select(m => m.Value).Where(o => o != "--help" && !section.Contains(o, StringComparison.Ordinal)).Select(o => $"{verb} {o}"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_verb_and_option_of_the_bench_stands_in_its_section()
    {
        var section = Section(CommandTree.BenchName);
        Assert.NotEqual("", section);
        Assert.All(CommandTree.Bench.Subcommands, verb =>
        {
            Assert.Contains($"`{CommandTree.BenchName} {verb.Name}`", section, StringComparison.Ordinal);
            Assert.All(verb.Options, option => Assert.Contains(option.Name, section, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Every_verb_stands_in_the_readme()
    {
        var readme = await File.ReadAllTextAsync(RepositoryFiles.Path("README.md"), TestContext.Current.CancellationToken);
        Assert.All(Verbs(await Help()), verb => Assert.Contains($"| `{verb}` |", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_exit_code_is_listed()
    {
        var codes = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (int)f.GetRawConstantValue()!).ToList();
        Assert.Equal(5, codes.Count);
        Assert.All(codes, code => Assert.Contains($"\n| {code} |", Page, StringComparison.Ordinal));
    }

    private static string Section(string heading) =>
        Regex.Match(Page, $@"^## {heading}\b.*?(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Value;

    private static async Task<List<string>> HelpOfAll(string verb)
    {
        var help = await Help(verb);
        var all = new List<string> { help };
        foreach (var inner in Verbs(help))
            all.Add(await Help(verb, inner));
        return all;
    }

    private static IEnumerable<string> Verbs(string help) =>
        help.Split("Commands:\n") is [_, var list] ? Verb().Matches(list).Select(m => m.Groups[1].Value) : [];

    private static async Task<string> Help(params string[] verbs)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        Assert.Equal(ExitCodes.Success, await StarKvCommand.RunAsync([.. verbs, "--help"], new Terminal(console, console, output, output)));
        return output.ToString().ReplaceLineEndings("\n");
    }

    [GeneratedRegex("--[a-z][a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex("^  ([a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Verb();
}
