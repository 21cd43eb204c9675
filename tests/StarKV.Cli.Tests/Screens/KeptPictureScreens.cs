using StarKV.Input;

namespace StarKV.Cli.Tests.Screens;

/// <summary>The picture in README.md of what each method keeps of one screenshot, and the words around it, are what the command in its block gives.</summary>
public sealed class KeptPictureScreens : IDisposable
{
    private const string Open = "<!-- generated: kept -->\n", Close = "<!-- /generated -->", Picture = "docs/images/kept.png",
        Command = $"starkv inspect --method full,star-kv,snapkv,gui-kv,pyramidkv,probe --keep 5% --match bytes --picture {Picture}";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_readme_s_picture_and_its_words_are_what_its_command_gives()
    {
        var (file, known) = (RepositoryFiles.Path("README.md"), RepositoryFiles.Path(Picture));
        var page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var start = page.IndexOf(Open, StringComparison.Ordinal) + Open.Length;
        var shown = page[start..page.IndexOf(Close, start, StringComparison.Ordinal)];
        string[] words = [.. CommandTree.Words(Command).Skip(1).Select(word => word == Picture ? _folder.File("kept.png") : word)];

        var run = await CommandRun.Of([.. words, "--device", "cpu", "--json", "--out", _folder.File("page.html")]);
        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        var caches = run.Json.GetProperty("caches").EnumerateArray().ToLookup(c => c.GetProperty("pointsInside").GetBoolean(), c => $"`{c.GetProperty("method").GetString()}`");
        var block =
            $"""
            ![The demo's screenshot as the full cache and five methods at 5 % of its bytes hold it, each with its click]({Picture})

            ```sh
            {Command}
            ```

            At 5 % of the bytes the click of {List(caches[true])} is inside the target of the demo's task, that of {List(caches[false])} is not. One screenshot shows what is kept, and measures nothing.

            """;
        if (Environment.GetEnvironmentVariable(Snapshot.Variable) == "1")
        {
            File.Copy(_folder.File("kept.png"), known, overwrite: true);
            await File.WriteAllTextAsync(file, page.Replace(Open + shown, Open + block, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            return;
        }

        Assert.Equal(block, shown);
        Assert.InRange(new FileInfo(known).Length, 1, 300_000);
        AssertAlike(Screenshot.Load(known), Screenshot.Load(_folder.File("kept.png")));
    }

    [Fact]
    public async Task A_picture_is_not_for_steps_and_not_in_the_page_s_or_a_screenshot_s_place()
    {
        (await CommandRun.Of("inspect", "--steps", "--picture", _folder.File("a.png"))).Refused("--picture compares caches of one prompt; leave it out");
        (await CommandRun.Of("inspect", "--out", _folder.File("a"), "--picture", _folder.File("a"))).Refused("it is the page; name another file");
        var screen = _folder.File("screen.png");
        File.Copy(RepositoryFiles.Path("models", "mini", "demo", "screenshot.png"), screen);
        (await CommandRun.Of("inspect", "--image", screen, "--instruction", "Go", "--picture", screen)).Refused("it is a screenshot that is read");
    }

    // Another processor may order sums otherwise, and a cell at the edge of a budget may change.
    private static void AssertAlike(Screenshot expected, Screenshot actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        var apart = 0;
        for (var i = 0; i < expected.Rgb.Length; i++)
            apart += Math.Abs(expected.Rgb[i] - actual.Rgb[i]) > 8 ? 1 : 0;
        Assert.True(apart < expected.Rgb.Length / 50, $"{apart} of {expected.Rgb.Length} colours of {Picture} differ; run the test with {Snapshot.Variable}=1.");
    }

    private static string List(IEnumerable<string> methods) => methods.ToList() is [.. { Count: > 0 } first, var last]
        ? $"{string.Join(", ", first)} and {last}" : methods.SingleOrDefault() ?? "none";
}
