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
        string[] lines = ["", "", "", "/kv", "/quit"];
        var (code, screen) = await Typed(lines, "--method", "snapkv", "--keep", "40%");
        Assert.Equal(ExitCodes.Success, code);
        Snapshot.Check("chat.txt", screen);
    }

    [Fact]
    public async Task Commands()
    {
        string[] lines =
        [
            "/help", "Go on.", "", _folder.File("none.png"), $"{_folder.File("2.png")} Go on.", "/fork", "", "/back", "/undo", "/drop",
            "/save {folder}/task.session".Replace("{folder}", _folder.Path, StringComparison.Ordinal), "/kv", "/hlep", "", "", "", "/quit",
        ];
        var (code, screen) = await Typed(lines, "--storage", "evict", "--keep", "160t", "--window", "2");
        Assert.Equal(ExitCodes.Success, code);
        Snapshot.Check("chat-commands.txt", screen);
    }

    [Fact]
    public async Task Lines_of_json()
    {
        string[] words = ["chat", s_sample.Instruction, "--position", "first", "--device", "cpu", "--images", _folder.Path, "--method", "snapkv", "--json"];
        var run = await CommandRun.Typed(isTyped: false, ["", "/kv"], words);
        var scrubber = Scrubber().Pattern(@"(?<keep>""(?:preprocess|vision|prefill|selection|decode)"":)[\d.E-]+", "time");
        Snapshot.Check("chat.json.txt", scrubber.Of(Screen.Of(run, [.. words.Select(scrubber.Of)])));
    }

    /// <summary>All that somebody sees who types these lines.</summary>
    private async Task<(int Code, string Screen)> Typed(string[] lines, params string[] more)
    {
        using var screen = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        using var input = new Echo(lines, screen);
        var terminal = new Terminal(console, console, screen, screen) { Input = input, IsTyped = true };
        string[] words = ["chat", s_sample.Instruction, "--position", "first", "--device", "cpu", "--images", _folder.Path, .. more];
        var code = await StarKvCommand.RunAsync(words, terminal);
        return (code, Scrubber().Of(screen.ToString()));
    }

    private Scrubber Scrubber() => new Scrubber().Text(_folder.Path, "folder").Times();

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
