using System.Text.RegularExpressions;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Tests.Commands;

/// <summary><c>starkv report</c> on runs of MiniGui-Bench with made-up answers: what a browser shows of the page.</summary>
public sealed class ReportPageCommandTests(Chromium browser) : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_browser_opens_it_without_a_complaint_and_holds_the_key_figures()
    {
        var page = await Report(Write("tokens"), Write("bytes", MatchBy.Bytes));
        var opened = browser.Open(page);
        Assert.Empty(opened.Console);
        Assert.Contains("<h1>Holding 20.0&nbsp;% of the cache's bytes, star-kv gives 87.5&nbsp;% right answers; the full cache gives 87.5&nbsp;%.</h1>", opened.Dom, StringComparison.Ordinal);
        Assert.Equal(8, Regex.Count(opened.Dom, "full cache 87.5 %"));
        Assert.Contains("Paired tests at matched budget", opened.Dom, StringComparison.Ordinal);
        Assert.Contains("Paired tests at matched bytes", opened.Dom, StringComparison.Ordinal);
        Assert.DoesNotContain("None of the runs", opened.Dom, StringComparison.Ordinal);
        // One failure in each run, drawn again from its seed.
        Assert.Equal(2, Regex.Count(opened.Dom, "<img [^>]*src=\"data:image/png;base64,"));
        Assert.DoesNotContain("No picture", opened.Dom, StringComparison.Ordinal);
        Assert.DoesNotContain("http", Regex.Replace(await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), "http://www.w3.org/2000/svg|http-equiv", ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(500)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        var html = await File.ReadAllTextAsync(await Report(Write("tokens")), TestContext.Current.CancellationToken);
        var script = "document.title = `${document.documentElement.scrollWidth} of ${innerWidth}; ${[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, pre, svg') && e.getBoundingClientRect().right > innerWidth + 1).length}`;";
        var scripted = _temp.Write("scripted.html", Regex.Replace(html, "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "").Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal));
        Assert.Contains($"<title>{width} of {width}; 0</title>", browser.Open(scripted, width).Dom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_is_refused()
    {
        var run = Write("tokens");
        (await CommandRun.Of("report", run, "--out", Path.Combine(run, "report.html"))).Refused("is in the folder of a run", "another folder");
        (await CommandRun.Of("report", run, "--failures", "0")).Refused("--failures is 0", "1 to 200");
        (await CommandRun.Of("report", _temp.Path)).Refused("holds no run");
        (await CommandRun.Of("eval", "report", run, "--subject", "probe", "--out", _temp.File("page.md"))).Refused("--subject probe is in none of the runs", "snapkv");
        Assert.False(File.Exists(_temp.File("page.md")));
    }

    private async Task<string> Report(params string[] runs)
    {
        var page = _temp.File("report.html");
        var made = await CommandRun.Of(["report", .. runs, "--out", page]);
        Assert.Equal((ExitCodes.Success, ""), (made.ExitCode, made.Error));
        return page;
    }

    private string Write(string name, MatchBy match = MatchBy.Tokens) => MadeUpRun.Write(_temp.File(name), match);
}
