using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StarKV.Cli.Tests.Commands;

/// <summary><c>starkv inspect --steps</c>: the page and the JSON of sessions, step by step.</summary>
public sealed class InspectStepsTests(Chromium browser) : IDisposable
{
    private static readonly string[] s_images = MiniSample.Of("multi_step_instruction_first_0").Files();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_json_says_what_each_step_keeps_of_every_screenshot()
    {
        var json = (await Run("--storage", "lossless,store,evict", "--keep", "100t")).Json;
        Assert.Equal(("star-kv", "100t"), (json.GetProperty("method").GetString(), json.GetProperty("keep").GetString()));
        var sessions = json.GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal(["lossless", "store", "evict"], sessions.Select(s => s.GetProperty("storage").GetString()));
        foreach (var session in sessions)
        {
            var steps = session.GetProperty("steps").EnumerateArray().ToList();
            Assert.Equal(s_images.Length, steps.Count);
            for (var i = 0; i < steps.Count; i++)
            {
                var (step, kept) = (steps[i], steps[i].GetProperty("keptTokens"));
                Assert.Equal(Enumerable.Range(0, i + 1), Numbers(step, "screens").Select(n => (int)n));
                Assert.InRange(step.GetProperty("tokensRead").GetInt32(), 1, step.GetProperty("tokens").GetInt32());
                // Classes add up to the rows, screenshots to the vision tokens, cells to the screenshot.
                Assert.Equal(100, kept.GetProperty("ofClass").EnumerateObject().Sum(c => c.Value.GetDouble()), 1e-3);
                var screens = Numbers(kept, "ofScreen");
                Assert.Equal(kept.GetProperty("ofClass").GetProperty("vision").GetDouble(), screens.Sum(), 1e-3);
                Assert.Equal(
                    screens, step.GetProperty("keptShareOfCells").EnumerateArray().Select(f => f.EnumerateArray().Sum(c => c.GetDouble())),
                    (a, b) => Math.Abs(a - b) < 1e-2);
            }

            Assert.Equal(session.GetProperty("storage").GetString() != "evict", steps[^1].GetProperty("hostBytes").GetInt64() > 0);
        }
    }

    [Fact]
    public async Task The_page_has_a_strip_for_each_step_and_storage_and_a_column_for_each_screenshot()
    {
        var run = await Run("--storage", "lossless,evict", "--window", "2");
        var html = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        var main = XElement.Parse(html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + 7)]);
        Assert.Equal(["Steps", "What each step holds of each screenshot", "Kept tokens by kind"], main.Descendants("h2").Select(h => h.Value));
        var strips = main.Descendants("figure").Where(f => (string?)f.Attribute("class") == "strip").ToList();
        Assert.Equal(2 * s_images.Length, strips.Count);
        for (var i = 0; i < strips.Count; i++)
        {
            var step = i / 2;
            Assert.Equal(
                Enumerable.Range(1, step + 1).TakeLast(2).Select(n => $"grid-column:{n}"),
                strips[i].Descendants("div").Select(d => (string?)d.Attribute("style")).Where(s => s?.StartsWith("grid-column", StringComparison.Ordinal) == true));
        }

        Assert.Equal(2, run.Json.GetProperty("window").GetInt32());
        Assert.All(main.Descendants("table"), t => Assert.NotEmpty(t.Element("caption")!.Value));
        Assert.All(main.Descendants("svg").Where(s => s.Attribute("aria-hidden") is null), s => Assert.NotEmpty((string)s.Attribute("aria-label")!));

        var opened = browser.Open(Page);
        Assert.Empty(opened.Console);
        Assert.DoesNotContain("<script", opened.Dom, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(800)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        await Run("--storage", "lossless,evict");
        const string Script = "document.title = `${document.documentElement.scrollWidth} of ${innerWidth}; ${[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, pre, svg, select') && e.getBoundingClientRect().right > innerWidth + 1).length}`;";
        var html = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        var scripted = Regex.Replace(html, "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "")
            .Replace("</body>", $"<script>{Script}</script></body>", StringComparison.Ordinal);
        Assert.Contains($"<title>{width} of {width}; 0</title>", browser.Open(_folder.Write("scripted.html", scripted), width).Dom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_meaning_for_steps_is_refused()
    {
        string[] line = ["inspect", "--image", .. s_images[..1], "--instruction", "Go on", "--device", "cpu", "--out", Page];
        (await CommandRun.Of([.. line, "--steps", "--match", "bytes"])).Refused("--match compares caches of one prompt");
        (await CommandRun.Of([.. line, "--steps", "--box", "1,2,3,4"])).Refused("--box compares caches of one prompt");
        (await CommandRun.Of([.. line, "--steps", "--method", "star-kv,snapkv"])).Refused("one method at one budget");
        (await CommandRun.Of([.. line, "--steps", "--keep", "10%,20%"])).Refused("one method at one budget");
        (await CommandRun.Of([.. line, "--steps", "--storage", "lossles"])).Refused("--storage names 'lossles'", "lossless, store or evict", "Did you mean");
        (await CommandRun.Of([.. line, "--steps", "--storage", ","])).Refused("--storage names none");
        (await CommandRun.Of([.. line, "--steps", "--window", "0"])).Refused("frame window is 0");
        (await CommandRun.Of([.. line, "--window", "2"])).Refused("--window is for sessions; add --steps");
        (await CommandRun.Of([.. line, "--storage", "evict"])).Refused("--storage is for sessions; add --steps");
        Assert.False(File.Exists(Page));
    }

    private string Page => _folder.File("film.html");

    private async Task<CommandRun> Run(params string[] options)
    {
        var run = await CommandRun.Of(
            ["inspect", "--steps", "--json", "--device", "cpu", "--out", Page, "--instruction", "Do it", .. options, "--image", .. s_images]);
        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        return run;
    }

    private static List<double> Numbers(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(n => n.GetDouble())];
}
