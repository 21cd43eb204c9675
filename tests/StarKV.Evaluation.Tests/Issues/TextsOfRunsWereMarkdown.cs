using System.Text.RegularExpressions;
using System.Xml.Linq;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>
/// <c>eval report</c> wrote texts of run.json and of the samples as they were: a script, a picture, a link or a table's cell of somebody else;
/// a label with a slash named a picture in another folder, and pages of both kinds kept control characters (reliability F3).
/// </summary>
public sealed partial class TextsOfRunsWereMarkdown : IDisposable
{
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=y>|a`b`*c*_d_~e~![f](http://evil) www.evil.org\n\n# g\n```\n- h\x1b[2J\u202e\\";

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("a < b & c", "a &lt; b &amp; c")]
    [InlineData("a|b", "a&#124;b")]
    [InlineData(@"a\|b", @"a\\&#124;b")]
    [InlineData("![x](y) [z]", @"!\[x\](y) \[z\]")]
    [InlineData("`x` *y* _z_ ~w~ $v$", @"\`x\` \*y\* \_z\_ \~w\~ \$v\$")]
    [InlineData("a_b.png __c__", @"a_b.png \_\_c\_\_")]
    [InlineData("- a", @"\- a")]
    [InlineData(" --- ", @" \--- ")]
    [InlineData("===", @"\===")]
    [InlineData("12. a", @"12\. a")]
    [InlineData("1) a", @"1\) a")]
    [InlineData("# a #1", @"\# a \#1")]
    [InlineData("https://x.org", @"https\://x.org")]
    [InlineData("WWW.x.org", @"WWW\.x.org")]
    [InlineData("a\r\n\tb\x1b", @"a\\r\\n\\tb\\x1b")]
    [InlineData("-5 %, 1.5 to 2-3: star-kv (session), 'ä'", "-5 %, 1.5 to 2-3: star-kv (session), 'ä'")]
    public void Text_is_text(string text, string markdown) => Assert.Equal(markdown, Markdown.Escape(text));

    [Theory]
    [InlineData("star-kv:alpha=0", "`star-kv:alpha=0`")]
    [InlineData("two words", "`two words`")]
    [InlineData("", "")]
    [InlineData(" a", " a")]
    [InlineData("a`b", @"a\`b")]
    [InlineData("a|b", "a&#124;b")]
    [InlineData("a\n", @"a\\n")]
    public void Code_is_one_span_or_none(string name, string markdown) => Assert.Equal(markdown, Markdown.Code(name).Markup);

    [Fact]
    public void A_page_of_a_hostile_run_has_the_syntax_of_an_honest_one()
    {
        var (honest, hostile) = (Page("an: honest name", "1"), Page(Hostile, "2"));
        Assert.Equal(Syntax(honest.Markdown), Syntax(hostile.Markdown));
        Assert.DoesNotContain(hostile.Markdown, c => c != '\n' && (char.IsControl(c) || c == '\u202e'));
        // All that HTML there is the page's own.
        Assert.All(Regex.Matches(hostile.Markdown, "<[^>]*>?"), tag => Assert.Contains(tag.Value, (string[])["<details>", "<summary>", "</summary>", "</details>"]));
    }

    [Fact]
    public void Pictures_of_a_hostile_run_are_pictures_in_their_folder()
    {
        var pictures = Page(Hostile + "/../../x", "1").Pictures;
        Assert.All(pictures.Keys, name => Assert.Equal(name, Path.GetFileName(name)));
        Assert.All(pictures.Values, svg =>
        {
            Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName);
            Assert.DoesNotContain("<script", svg, StringComparison.Ordinal);
            Assert.DoesNotContain(svg, c => c != '\n' && (char.IsControl(c) || c == '\u202e'));
        });
    }

    [Fact]
    public void A_page_of_html_has_no_control_characters()
    {
        var html = new ReportPage([Run(Hostile, "1")]).ToHtml();
        Assert.Contains(@"\x1b[2J\u202e", html, StringComparison.Ordinal);
        Assert.DoesNotContain(html, c => c is not ('\n' or '\t') && (char.IsControl(c) || c == '\u202e'));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    private (string Markdown, IReadOnlyDictionary<string, string> Pictures) Page(string text, string name) => new ResultsPage([Run(text, name)]).Make("images", "page");

    /// <summary>A run whose every text that a page shows is this one.</summary>
    private FinishedRun Run(string text, string name)
    {
        var folder = new RunFolder(_temp.File(name));
        var method = $"snapkv {text}";
        folder.Begin(FakeRun.Manifest(FakeRun.Plan with
        {
            Benchmark = text,
            Model = text,
            ModelFingerprint = text,
            Compute = text,
            Methods = ["full", "star-kv", method, "star-kv:temporal=off"],
            Filter = [$"kind={text}"],
        }));
        using (var log = folder.Open(Shard.Whole))
        {
            new Evaluator((task, stop) => FakeRun.Answer(task, stop) is var record
                ? record with
                {
                    Task = record.Task,
                    Labels = new Dictionary<string, string> { ["kind"] = record.Labels["kind"] == "Icon" ? "Icon" : text, ["stratum"] = text },
                    Answers = [.. record.Answers.Where(a => record.Task != "t03" || a.Method == "full").Select(a => a.Method == "snapkv" ? a with { Method = method } : a)],
                    Failed = record.Task == "t03" ? [.. record.Answers.Where(a => a.Method != "full").Select(a => new CacheError(new RunCache(a.Method == "snapkv" ? method : a.Method, a.Keep), text))] : [],
                }
                : record).Run(FakeRun.Tasks, log);
        }

        return FinishedRun.Read([folder.Path])[0];
    }

    /// <summary>The characters of each line that Markdown takes for its own.</summary>
    private static List<string> Syntax(string markdown) =>
        [.. markdown.Split('\n').Select(line => string.Concat(Own().Replace(line, "").Where("|#*_~`<>[]".Contains)))];

    /// <summary>Escapes, entities, code and addresses.</summary>
    [GeneratedRegex(@"\\.|&#?\w+;|`[^`]*`|(?<=\])\([^)]*\)")]
    private static partial Regex Own();
}
