using System.Text;

namespace StarKV.Cli.Tests.Screens;

/// <summary>Command lines that are refused before a model is loaded: exit code and sentence of each.</summary>
public sealed class ErrorScreens : IDisposable
{
    private const string Model = "{repository}/models/mini", Image = "{repository}/tests/vectors/mini/text_2_0.png";

    // Words in braces become paths of this machine.
    private static readonly string[] s_lines =
    [
        "grond",
        "--colour",
        "demo --overlays x.png",
        "demo --overlay {folder}",
        "demo --device gpu",
        "demo --dtype float8",
        "methods snap",
        "methods full star-kv",
        "ground",
        "ground --model {model} --instruction Click",
        "ground --model {model} --instruction Click --image {folder}/none.png",
        "ground --model {model} --instruction Click --image {folder}",
        "ground --model {model} --instruction Click --image {text}",
        "ground --model {folder} --instruction Click --image {image}",
        "ground --model {folder}/none --instruction Click --image {image}",
        "ground --model {model} --instruction Click --image {image} --method snap",
        "ground --model {model} --instruction Click --image {image} --keep 0%",
        "ground --model {model} --instruction Click --image {image} --keep 1",
        "ground --model {model} --instruction Click --image {image} --keep much",
        "ground --model {model} --instruction Click --image {image} --set window",
        "ground --model {model} --instruction Click --image {image} --set window=0",
        "ground --model {model} --instruction Click --image {image} --set windows=8",
        "ground --model {model} --instruction Click --image {image} --protect text",
        "ground --model {model} --instruction Click --image {image} --protect box:1,2,3",
        "ground --model {model} --instruction Click --image {image} --answer-interval 0",
        "ground --model {model} --instruction Click --image {image} --max-new-tokens 0",
        "ground --model {model} --instruction Click --image {image} --max-new-tokens many",
        "ground --model {model} --instruction Click --image {image} --temperature -1",
        "ground --model {model} --instruction Click --image {image} --prompt none",
        "ground --model {model} --instruction Click --image {image} --overlay {image}",
        "chat",
        "chat Click --images {folder}/none.png",
        "chat Click --storage los",
        "chat Click --slide exactly",
        "chat Click --window 0",
        "chat Click --protect box:1,2,3,4",
        "chat Click --restore {text}",
        "chat --restore {text} --keep 20%",
        "chat --restore {folder}/none",
        "inspect --image {image}",
        "inspect --box 1,2,3",
        "inspect --difference full",
        "inspect --out {folder}",
        "eval",
        "eval minigu",
        "eval minigui --limit 0",
        "eval minigui --filter colour=red",
        "eval minigui --shard 3/2",
        "eval minigui --sessions losless",
        "eval minigui --sessions reread:window=2",
        "eval minigui --sessions evict --match bytes",
        "eval minigui --episodes",
        "eval minigui --sessions evict --memory sample",
        "eval minigui --sessions evict --filter form=last --out {folder}",
        "eval minigui --method full:window=8",
        "eval report {folder} --out {folder}/page.md",
        "eval models {folder} --out {folder}/page.md",
        "report",
        "report {folder} --out {folder}/page.html",
        "report {folder} --failures 0",
        "replay {folder}",
        "replay {folder}/none",
        "conformance {folder}",
        "conformance {folder}/none",
        "doctor --patience 0",
        "pull",
        "pull one/two/three",
        "minigui draw --count 0 --out {folder}/new",
        "minigui draw --size 100x100 --out {folder}/new",
        "minigui draw",
        "minigui quantize {folder} {folder}/new",
        "minigui train --out {folder}/new --minutes 0",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_refusal_is_one_sentence()
    {
        var text = _folder.Write("text.png", "This is no picture.");
        var scrubber = new Scrubber().Text(_folder.Path, "folder");
        var table = new StringBuilder();
        foreach (var line in s_lines)
        {
            // Words first: a path may hold a blank.
            var words = line.Split(' ').Select(word => word
                .Replace("{model}", Model, StringComparison.Ordinal).Replace("{image}", Image, StringComparison.Ordinal)
                .Replace("{repository}", RepositoryFiles.Path(), StringComparison.Ordinal).Replace("{text}", text, StringComparison.Ordinal)
                .Replace("{folder}", _folder.Path, StringComparison.Ordinal));
            var run = await CommandRun.Of([.. words]);
            table.Append($"$ starkv {line}\n{run.ExitCode} {run.Error.TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal)}\n\n");
            Assert.True(run.ExitCode == ExitCodes.BadInput && run.Out.Length == 0, $"{line}: exit code {run.ExitCode}, {run.Out}");
        }

        Snapshot.Check("errors.txt", scrubber.Of(table.ToString()));
        // Nothing was begun.
        Assert.Equal([text], Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
