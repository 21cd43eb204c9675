using System.Text.RegularExpressions;
using System.Xml.Linq;
using StarKV.Score;

namespace StarKV.Cli.Tests.Commands;

/// <summary>The page of <c>starkv inspect</c>: its structure, and that a browser opens it without a complaint.</summary>
[Collection(InspectDemoTests.Name)]
public sealed class InspectPageTests(InspectDemo demo, Chromium browser) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sections_stand_in_their_order() => Assert.Equal(
        ["Summary", "What each cache holds of the screen", "Target survival", "Layer by layer", "Difference between two caches", "Kept tokens by kind", "Methods"],
        demo.Main.Descendants("h2").Select(h => h.Value));

    [Fact]
    public void Every_method_has_a_row_a_picture_and_eight_maps()
    {
        var rows = demo.Main.Descendants("table").First(t => (string?)t.Attribute("class") == "summary").Element("tbody")!.Elements("tr").ToList();
        Assert.Equal(Methods.All.Select(m => m.Name), rows.Select(r => r.Element("th")!.Value));
        Assert.All(rows, r => Assert.Equal(9, r.Elements("td").Count()));
        Assert.Equal(["all", "409", "3.2 MiB", "100.0\u00A0%"], rows[0].Elements("td").Take(4).Select(d => d.Value));
        Assert.Equal(["20%", "81", "648 KiB", "19.8\u00A0%"], rows[1].Elements("td").Take(4).Select(d => d.Value));
        Assert.Equal("✓ yes", rows[1].Elements("td").ElementAt(6).Value);
        Assert.Equal(Methods.All.Count, WithClass("overlays").Elements("figure").Count());
        // Those of full would be bright all over.
        var maps = demo.Main.Descendants("section").Where(s => (string?)s.Attribute("aria-labelledby") == "layers").Descendants("figure");
        Assert.Equal((Methods.All.Count - 1) * 8, maps.Count());
    }

    [Fact]
    public void Tables_have_captions_and_pictures_words()
    {
        Assert.All(demo.Main.Descendants("table"), t => Assert.NotEmpty(t.Element("caption")!.Value));
        Assert.All(demo.Main.Descendants("svg").Where(s => s.Attribute("aria-hidden") is null), s => Assert.NotEmpty((string)s.Attribute("aria-label")!));
        Assert.All(demo.Main.Descendants("th"), h => Assert.NotNull(h.Attribute("scope")));
    }

    [Fact]
    public void Papers_are_named_and_nothing_is_fetched()
    {
        Assert.Contains("arXiv 2606.01790", demo.Main.Value, StringComparison.Ordinal);
        var links = Regex.Matches(demo.Html, "(?:href|src)=\"([^\"]*)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.All(links, link => Assert.True(link.StartsWith("data:image/", StringComparison.Ordinal) || link.StartsWith('#') || link.StartsWith("https://arxiv.org/abs/", StringComparison.Ordinal), link));
        Assert.Contains("default-src &#39;none&#39;", demo.Html, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(demo.Page).Length, 50_000, 2_000_000);
    }

    [Fact]
    public void A_browser_opens_it_without_a_complaint_and_shows_one_difference()
    {
        var opened = browser.Open(demo.Page);
        Assert.Empty(opened.Console);
        Assert.Contains("<html lang=\"en\" class=\"js\">", opened.Dom, StringComparison.Ordinal);
        // Any two of those that drop something.
        Assert.Equal((Methods.All.Count - 1) * (Methods.All.Count - 2) / 2, Regex.Count(opened.Dom, "<div class=\"pair"));
        Assert.Equal(1, Regex.Count(opened.Dom, "<div class=\"pair shown\""));
        Assert.Equal(Methods.All.Count, Regex.Count(opened.Dom, "<td class=\"(?:yes|no)\">"));
    }

    [Fact]
    public void A_hostile_instruction_is_text()
    {
        var opened = browser.Open(demo.HistoryPage);
        Assert.Empty(opened.Console);
        Assert.Equal(1, Regex.Count(opened.Dom, "<script"));
        Assert.Contains("<h1>Click &lt;/title&gt;&lt;script&gt;alert('x')&lt;/script&gt; &amp; \"Save\"</h1>", opened.Dom, StringComparison.Ordinal);
        // The command line can be typed again: quotes inside quotes are written as a shell wants them.
        Assert.Contains("""--instruction 'Click &lt;/title&gt;&lt;script&gt;alert('\''x'\'')&lt;/script&gt; &amp; "Save"'""", opened.Dom, StringComparison.Ordinal);
    }

    [Fact]
    public void A_browser_s_complaints_are_seen()
    {
        using var folder = new TempFolder();
        var page = folder.Write("page.html", demo.Html.Replace("</main>", "</main><script>alert(1)</script>", StringComparison.Ordinal));
        Assert.Contains(browser.Open(page).Console, line => line.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public void Choosing_a_pair_shows_it_alone()
    {
        var dom = browser.Open(Scripted("const s = document.getElementById('pair'); s.value = '3'; s.dispatchEvent(new Event('change'));")).Dom;
        var pairs = Regex.Matches(dom, "<div class=\"pair( shown)?\"");
        Assert.Equal([3], pairs.Select((m, i) => (m.Groups[1].Success, i)).Where(p => p.Success).Select(p => p.i));
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(800)]
    public void Nothing_is_wider_than_the_window(int width)
    {
        var script = "document.title = `${document.documentElement.scrollWidth} of ${innerWidth}; ${[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, pre, svg, select') && e.getBoundingClientRect().right > innerWidth + 1).length}`;";
        Assert.Contains($"<title>{width} of {width}; 0</title>", browser.Open(Scripted(script), width).Dom, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_is_not_blank()
    {
        var picture = browser.Picture(demo.Page, 1400, 2000);
        Assert.Equal((1400, 2000), (picture.Width, picture.Height));
        var colours = picture.Rgb.Chunk(3).Select(c => c[0] << 16 | c[1] << 8 | c[2]).GroupBy(c => c).Select(g => g.Count()).ToList();
        Assert.True(colours.Count > 500, $"{colours.Count} colours");
        Assert.InRange(colours.Max() / (1400.0 * 2000), 0, 0.8);
    }

    private XElement WithClass(string name) => demo.Main.Descendants().First(e => (string?)e.Attribute("class") == name);

    /// <summary>A copy of the page without its content policy, with a script at its end.</summary>
    private string Scripted(string script)
    {
        var page = Regex.Replace(demo.Html, "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "").Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal);
        return _folder.Write("scripted.html", page);
    }
}
