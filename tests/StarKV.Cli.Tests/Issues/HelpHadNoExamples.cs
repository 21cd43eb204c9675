using System.Text.RegularExpressions;
using StarKV.Bench;
using StarKV.Cli.Help;

namespace StarKV.Cli.Tests.Issues;

/// <summary>No verb's help had an example or named a page; now each has, and every line that help or a page shows is one that the command takes.</summary>
public sealed partial class HelpHadNoExamples
{
    [Fact]
    public async Task Every_verb_s_help_has_examples_and_names_a_page()
    {
        foreach (var (verb, _) in CommandTree.Verbs)
        {
            var (examples, page) = CommandTree.Help(verb);
            Assert.NotEmpty(examples);
            var help = (await CommandRun.Of([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Out;
            Assert.All(examples, e => Assert.Contains($"\n    {e.Line}\n", help, StringComparison.Ordinal));
            Assert.Contains($"\nLearn more:\n    {page} ", help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_example_is_a_command_line_of_its_verb() => Assert.All(Examples.All.Concat(BenchExamples.Topics.Examples), example =>
    {
        var parsed = CommandTree.Parse(example.Line);
        Assert.Equal([], parsed.Errors.Select(e => $"{example.Line}: {e.Message}"));
        if (example.Verb.Length > 0)
            Assert.StartsWith(example.Verb, HelpPage.Path(parsed.CommandResult.Command), StringComparison.Ordinal);
    });

    [Fact]
    public void Every_page_has_the_heading() => Assert.All(CommandTree.Verbs, v =>
    {
        var (page, anchor) = CommandTree.Help(v.Verb).Page.Split('#') is [var p, var a] ? (p, a) : (CommandTree.Help(v.Verb).Page, null);
        var text = File.ReadAllText(RepositoryFiles.Path(page.Split('/')));
        var anchors = Heading().Matches(text).Select(m => string.Concat(m.Groups[1].Value.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-')).Replace(' ', '-'));
        if (anchor is not null)
            Assert.Contains(anchor, anchors);
    });

    [Fact]
    public void Every_command_line_of_the_pages_is_one_that_the_command_takes()
    {
        var lines = Pages().SelectMany(page => Lines(File.ReadAllText(page)).Select(line => (Page: Path.GetFileName(page), Line: line))).ToList();
        Assert.True(lines.Count > 30, $"{lines.Count} lines");
        Assert.Equal([], lines.SelectMany(l => CommandTree.Parse(l.Line).Errors.Select(e => $"{l.Page}: {l.Line}: {e.Message}")));
    }

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(RepositoryFiles.Path("docs"), "*.md").Append(RepositoryFiles.Path("README.md")).Append(RepositoryFiles.Path("models", "mini", "README.md"));

    /// <summary>Lines of code blocks that call the command, continued ones joined, comments and prompts left out.</summary>
    private static IEnumerable<string> Lines(string page) => Block().Matches(page.ReplaceLineEndings("\n"))
        .SelectMany(block => block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        .Select(line => Called().Match(line)).Where(m => m.Success)
        .Select(m => $"{(m.Groups[1].Value.Contains("ench", StringComparison.Ordinal) ? CommandTree.BenchName : "starkv")} {m.Groups[2].Value}".Trim());

    [GeneratedRegex("^```(?:sh|console)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?:\$ )?(?:[A-Z_]+=\S+ )*(starkv(?:-bench)?|dotnet run -c Release --project (?:src/StarKV\.Cli|bench/StarKV\.Bench) --) +(.*?)(?: +#.*| *[|>].*)?$")]
    private static partial Regex Called();

    [GeneratedRegex("^#{1,6} +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
