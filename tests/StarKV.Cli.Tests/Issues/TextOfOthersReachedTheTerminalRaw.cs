using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Spectre.Console.Testing;

namespace StarKV.Cli.Tests.Issues;

/// <summary>
/// An answer whose word held <c>ESC ]0;OWNED BEL ESC[2J</c> set the terminal's title and cleared its screen; names of files and folders, arguments and texts of run.json
/// did the same, and a line break in a name forged a line of the command (reliability F3).
/// </summary>
public sealed class TextOfOthersReachedTheTerminalRaw : IDisposable
{
    private const string Hostile = "a\x1b]0;OWNED\a\x1b[2J\u202e\x9b[red]\r\nstarkv: done";
    private const string Shown = @"a\x1b]0;OWNED\x07\x1b[2J\u202e\x9b[red]\r\nstarkv: done";
    private static readonly string s_mini = RepositoryFiles.Path("models", "mini");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_models_answer()
    {
        var run = await Ground("--model", await SteeringModel());
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains(@"\x1b]0;OWNED\x07\x1b[2J[bold]:bomb:", run.Out, StringComparison.Ordinal);
        Clean(run);
    }

    [Fact]
    public async Task A_models_answer_in_json_is_the_answer_itself()
    {
        var run = await Ground("--model", await SteeringModel(), "--json");
        Assert.Contains("\x1b]0;OWNED\a\x1b[2J[bold]:bomb:", run.Json.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Clean(run);
    }

    [Fact]
    public async Task The_name_of_a_screenshot()
    {
        var run = await Ground("--image", _folder.Write(Hostile.Replace('/', '-'), "no picture"));
        run.Refused(Shown);
        Clean(run);
    }

    [Fact]
    public async Task The_name_of_a_models_folder()
    {
        var folder = Directory.CreateDirectory(_folder.File(Hostile)).FullName;
        var run = await Ground("--model", folder);
        run.Refused(Shown);
        Assert.Contains($"Loading {_folder.File(Shown)}", run.Error, StringComparison.Ordinal);
        Clean(run);
    }

    [Theory]
    [InlineData("replay", Hostile)]
    [InlineData("eval", "report", Hostile)]
    [InlineData("report", Hostile)]
    [InlineData("conformance", Hostile)]
    [InlineData("minigui", "plot", Hostile, "--out", "x.svg")]
    [InlineData("methods", Hostile)]
    [InlineData("minigui", "draw", "--size", Hostile, "--sheet", "x.png")]
    [InlineData("inspect", "--box", Hostile)]
    [InlineData("pull", "org/name", "--endpoint", Hostile)]
    public async Task An_argument(params string[] line)
    {
        var run = await CommandRun.Of(line);
        run.Refused("OWNED");
        Clean(run);
    }

    [Theory]
    [InlineData(Hostile)]
    [InlineData("eval", Hostile)]
    [InlineData("ground", "--" + Hostile)]
    [InlineData("minigui", "draw", "--seed", Hostile)]
    [InlineData("minigui", "draw", "--form", Hostile)]
    [InlineData("@/no" + Hostile)]
    [InlineData("methods", "snapkv", Hostile)]
    public async Task An_argument_that_the_parser_echoes(params string[] line)
    {
        var run = await CommandRun.Of(line);
        run.Refused("OWNED");
        Clean(run);
    }

    [Fact]
    public async Task A_message_of_the_system()
    {
        var file = _folder.Write("file", "");
        var run = await CommandRun.Of("minigui", "train", "--out", Path.Combine(file, Hostile), "--steps", "1");
        run.Refused("OWNED");
        Clean(run);
    }

    [Fact]
    public async Task Texts_of_a_run()
    {
        var folder = _folder.File("run");
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("eval", "minigui", "--limit", "1", "--method", "full,snapkv", "--keep", "20%", "--device", "cpu", "--out", folder)).ExitCode);
        Falsify(Path.Combine(folder, "run.json"), manifest =>
        {
            (manifest["plan"]!["model"], manifest["environment"]!["system"]) = (Hostile, Hostile);
        });
        Falsify(Path.Combine(folder, "samples-1-of-1.jsonl"), sample =>
        {
            sample["answers"]![0]!["answer"] = Hostile;
            sample["labels"]!["kind"] = Hostile;
        });
        string[][] lines = [["eval", "report", folder, "--out", _folder.File($"{Hostile.Replace('/', '-')}.md")], ["report", folder, "--out", _folder.File("page.html")], ["replay", folder, "--device", "cpu"]];
        foreach (var line in lines)
        {
            var run = await CommandRun.Of(line);
            Assert.True(run.ExitCode == (line[0] == "replay" ? ExitCodes.Failed : ExitCodes.Success), run.Error);
            Clean(run);
        }
    }

    [Fact]
    public void Whatever_goes_through_the_door() => Gen.String.Sample(text =>
    {
        using var console = new TestConsole { Profile = { Width = 400 }, EmitAnsiSequences = true };
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(console, console, output, error);
        terminal.WriteLine($"{text}");
        var (table, values) = (Tables.Of(text, text), Tables.Values());
        table.Row(text, ConsoleMarkup.Lines(text));
        values.Row(text, text);
        terminal.Write(table);
        terminal.Write(values);
        Assert.DoesNotContain(console.Output, c => c is not ('\n' or '\x1b') && IsControl(c));
        // Spectre's own styles alone.
        Assert.All(console.Output.Split('\x1b').Skip(1), rest => Assert.Matches(@"\A\[[0-9;]*m", rest));

        terminal.WritePlain(text);
        terminal.Note(text);
        terminal.Error(text);
        terminal.Trace(new InvalidOperationException(text));
        terminal.Working(text, tell => text);
        Assert.DoesNotContain($"{output}{error}", c => c != '\n' && IsControl(c));

        output.GetStringBuilder().Clear();
        terminal.WriteJson(new { text });
        Assert.DoesNotContain($"{output}", c => c != '\n' && IsControl(c));
        // JSON has no half of a pair; its writer puts U+FFFD there.
        Assert.Equal(string.Concat(text.EnumerateRunes()), JsonDocument.Parse($"{output}").RootElement.GetProperty("text").GetString());
    });

    [Theory]
    [InlineData(":bomb: at 10:20:30")]
    [InlineData("[red]x[/] [[ ]] [/]")]
    [InlineData("[link=http://evil]x[/]")]
    public void Markup_and_emoji_codes_of_others_are_text(string text)
    {
        using var console = new TestConsole { Profile = { Width = 400 }, EmitAnsiSequences = true };
        new Terminal(console, console, TextWriter.Null, TextWriter.Null).WriteLine($"{text}");
        Assert.Equal($"{text}\n", console.Output);
    }

    private static async Task<CommandRun> Ground(params string[] more)
    {
        var sample = MiniSample.Of("text_2");
        List<string> line = ["ground", .. more, "--device", "cpu", "--method", "full", "--instruction", sample.Instruction];
        if (!more.Contains("--model"))
            line.AddRange(["--model", s_mini]);
        if (!more.Contains("--image"))
            line.AddRange(["--image", sample.Files()[0]]);
        return await CommandRun.Of([.. line]);
    }

    /// <summary>The small model, whose word for the end of an action steers terminals.</summary>
    private async Task<string> SteeringModel()
    {
        const string word = ")')";
        foreach (var file in Directory.EnumerateFiles(s_mini).Where(file => Path.GetFileName(file) != "tokenizer.json"))
            File.CreateSymbolicLink(_folder.File(Path.GetFileName(file)), file);
        var tokenizer = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(s_mini, "tokenizer.json"), TestContext.Current.CancellationToken))!;
        var (words, merges) = (tokenizer["model"]!["vocab"]!.AsObject(), tokenizer["model"]!["merges"]!.AsArray());
        var id = (int)words[word]!;
        words.Remove(word);
        // The file writes ESC as \u011b and BEL as \u0107.
        words.Add($"{word}\u011b]0;OWNED\u0107\u011b[2J[bold]:bomb:", id);
        merges.Remove(merges.Single(m => $"{m}".Replace(" ", "", StringComparison.Ordinal) == word));
        _folder.Write("tokenizer.json", tokenizer.ToJsonString());
        return _folder.Path;
    }

    private static void Falsify(string path, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, $"{json.ToJsonString()}\n");
    }

    private static void Clean(CommandRun run) => Assert.DoesNotContain(run.Out + run.Error, c => c != '\n' && IsControl(c));

    private static bool IsControl(char c) => char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
