using Spectre.Console;

namespace StarKV.Cli.Tests.Screens;

/// <summary>What a chat looks like in a terminal.</summary>
public sealed class ChatScreens : IDisposable
{
    private static readonly MiniSample s_sample = MiniSample.Of("multi_step_instruction_first_0");

    private readonly TempFolder _folder = new();

    public ChatScreens()
    {
        foreach (var (i, file) in s_sample.Files().Index())
            File.Copy(file, _folder.File(FormattableString.Invariant($"{i + 1}.png")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Steps()
    {
        var (code, screen) = await Typed(["", "", "/kv", "/quit"], Chat("--method", "snapkv", "--keep", "40%"));
        Assert.Equal(ExitCodes.Success, code);
        Snapshot.Check("chat.txt", Scrubber().Of(screen));
    }

    /// <summary>The block of docs/sessions.md: its command, its typed lines, and what they show.</summary>
    [Fact]
    public async Task The_page_of_sessions_shows_what_comes_out()
    {
        const string open = "<!-- generated: chat -->\n```console\n", close = "```\n<!-- /generated -->";
        var file = RepositoryFiles.Path("docs", "sessions.md");
        var page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var start = page.IndexOf(open, StringComparison.Ordinal) + open.Length;
        var shown = page[start..page.IndexOf(close, start, StringComparison.Ordinal)];
        var line = shown[..(shown.IndexOf('\n', StringComparison.Ordinal) + 1)];
        var root = RepositoryFiles.Path() + "/";
        string[] words = [.. CommandTree.Words(line.TrimEnd()).Skip(2).Select(word => word.Replace("tests/", $"{root}tests/", StringComparison.Ordinal))];

        var (_, screen) = await Typed(["", "", "", "/kv", "/quit"], [.. words, "--device", "cpu"]);
        var printed = string.Join('\n', screen.Replace(root, "", StringComparison.Ordinal).Split('\n').Skip(1).Select(l => l.TrimEnd()));
        if (Environment.GetEnvironmentVariable(Snapshot.Variable) == "1")
            await File.WriteAllTextAsync(file, page.Replace(shown, line + printed, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        else
            Assert.Equal(Scrubber().Of(line + printed), Scrubber().Of(shown));
    }

    [Fact]
    public async Task Commands()
    {
        string[] lines =
        [
            "/help", "Go on.", "", _folder.File("none.png"), $"{_folder.File("2.png")} Go on.", "/fork", "", "/back", "/undo", "/drop",
            "/save {folder}/task.session".Replace("{folder}", _folder.Path, StringComparison.Ordinal), "/kv", "/hlep", "", "", "", "/quit",
        ];
        var (code, screen) = await Typed(lines, Chat("--storage", "store", "--keep", "160t", "--window", "2"));
        Assert.Equal(ExitCodes.Success, code);
        Snapshot.Check("chat-commands.txt", Scrubber().Of(screen));
    }

    [Fact]
    public async Task Lines_of_json()
    {
        var words = Chat("--method", "snapkv", "--keep", "40%", "--json");
        var run = await CommandRun.Typed(isTyped: false, ["", "/kv"], words);
        var scrubber = Scrubber().Pattern(@"(?<keep>""(?:preprocess|vision|prefill|selection|decode)"":)[\d.E-]+", "time");
        Snapshot.Check("chat.json.txt", scrubber.Of(Screen.Of(run, [.. words.Select(scrubber.Of)])));
    }

    /// <summary>All that somebody sees who types these lines.</summary>
    private static async Task<(int Code, string Screen)> Typed(string[] lines, params string[] words)
    {
        using var screen = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        using var input = new Echo(lines, screen);
        var terminal = new Terminal(console, console, screen, screen) { Input = input, IsTyped = true };
        return (await StarKvCommand.RunAsync(words, terminal), screen.ToString());
    }

    private string[] Chat(params string[] more) =>
        ["chat", s_sample.Instruction, "--position", "first", "--device", "cpu", "--images", _folder.Path, .. more];

    /// <summary>Times differ from run to run; which rows are kept may, on other processors, differ in a few.</summary>
    private Scrubber Scrubber() => new Scrubber().Text(_folder.Path, "folder").Times()
        .Pattern(@"(?<keep>^ +(?:system|user|screenshot \d|answers) +\d+ +).+$", "kept and share").Pattern(@"(?<keep>""rows"":)[\d.]+", "kept");

    /// <summary>Lines that show as a terminal shows what is typed.</summary>
    private sealed class Echo(IEnumerable<string> lines, TextWriter screen) : TextReader
    {
        private readonly Queue<string> _lines = new(lines);

        public override string? ReadLine()
        {
            if (!_lines.TryDequeue(out var line))
                return null;
            screen.WriteLine(line);
            return line;
        }
    }
}
