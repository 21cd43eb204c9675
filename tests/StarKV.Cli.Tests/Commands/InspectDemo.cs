using System.Text.Json;
using System.Xml.Linq;

namespace StarKV.Cli.Tests.Commands;

/// <summary>The page and the JSON of <c>starkv inspect</c> without arguments, and those of a history with a hostile instruction at equal bytes; made once.</summary>
public sealed class InspectDemo : IAsyncLifetime
{
    public const string Hostile = "Click </title><script>alert('x')</script> & \"Save\"";

    private readonly TempFolder _folder = new();

    public string Page => _folder.File("demo.html");

    public string HistoryPage => _folder.File("history <1>.html");

    public JsonElement Json { get; private set; }

    public JsonElement HistoryJson { get; private set; }

    public string Html { get; private set; } = "";

    /// <summary>The body of a page, read as XML: the page is written so that every element is closed.</summary>
    public XElement Main => XElement.Parse(Html[Html.IndexOf("<main>", StringComparison.Ordinal)..(Html.IndexOf("</main>", StringComparison.Ordinal) + 7)]);

    public async ValueTask InitializeAsync()
    {
        Json = await Run("--out", Page);
        HistoryJson = await Run(
            ["--out", HistoryPage, "--match", "bytes", "--box", "10,10,80,30", "--keep", "10%,30%", "--method", "star-kv,snapkv:granularity=query-head", "--method", "full",
            "--difference", "star-kv@30%", "snapkv:granularity=query-head@10%", "--instruction", Hostile, "--past-action", "Action: click(start_box='(45,70)')",
            "--image", .. MiniSample.Of("multi_step_instruction_first_0").Files()[..2]]);
        Html = await File.ReadAllTextAsync(Page);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<JsonElement> Run(params string[] arguments)
    {
        var run = await CommandRun.Of(["inspect", "--json", "--device", "cpu", .. arguments]);
        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        return run.Json;
    }
}

/// <summary>Tests that share the two pages.</summary>
[CollectionDefinition(Name)]
public sealed class InspectDemoTests : ICollectionFixture<InspectDemo>
{
    public const string Name = "inspect demo";
}
