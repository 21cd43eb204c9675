using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;
using StarKV.Files;
using StarKV.Reports.Markup;

namespace StarKV.Cli;

/// <summary>
/// The one door through which the command writes and is typed to: results to stdout, progress and errors to stderr, both safe without a
/// terminal. What may not be the program's own text (<see cref="VisibleText"/>) steers nothing there.
/// </summary>
public sealed class Terminal
{
    /// <summary>The command that writes where none is named.</summary>
    public const string DefaultCommand = "starkv";

    private static readonly JsonSerializerOptions s_jsonLine = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions s_json = new(s_jsonLine) { WriteIndented = true, NewLine = "\n" };

    private readonly IAnsiConsole _console;
    private readonly IAnsiConsole _progress;
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly string _command;

    /// <summary>Writes to given streams.</summary>
    /// <param name="console">Stdout for people.</param>
    /// <param name="progress">Stderr for people.</param>
    /// <param name="output">Stdout for programs.</param>
    /// <param name="error">Stderr for single lines.</param>
    /// <param name="command">The command that writes, which errors begin with; default <c>starkv</c>.</param>
    public Terminal(
        IAnsiConsole console, IAnsiConsole progress, TextWriter output, TextWriter error, string command = DefaultCommand) =>
        (_console, _progress, _output, _error, _command) = (console, progress, output, error, command);

    /// <summary>The process's own streams.</summary>
    /// <param name="command">The command that writes; default <c>starkv</c>.</param>
    public static Terminal OfProcess(string command = DefaultCommand) => new(
        Wide(AnsiConsole.Console, Console.IsOutputRedirected),
        Wide(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), Console.IsErrorRedirected),
        Console.Out, Console.Error, command)
    {
        IsTyped = !Console.IsInputRedirected,
    };

    /// <value>Where lines are read from; null (default) for stdin.</value>
    public TextReader? Input { private get; init; }

    /// <value>True when somebody types the lines that are read; default false.</value>
    public bool IsTyped { get; init; }

    /// <summary>Columns of stdout.</summary>
    public int Width => _console.Profile.Width;

    /// <summary>True when a line of progress can be rewritten.</summary>
    public bool IsLive => _progress.Profile.Capabilities.Interactive && _progress.Profile.Out.IsTerminal;

    /// <summary>
    /// Writes a result that people read to stdout: Spectre's markup, in which what stands between braces is shown as it is.
    /// </summary>
    public void WriteLine(MarkupHandler<ConsoleMarkup> text) =>
        _console.Write(ConsoleMarkup.Of(text).ToParagraph().Append("\n"));

    /// <summary>Writes a piece of a text that is still being made, such as a model's answer, to stdout; its lines stay lines.</summary>
    public void WritePiece(string piece) => _console.Write(ConsoleMarkup.Lines(piece).ToParagraph());

    /// <summary>Writes a table or grid to stdout; see <see cref="Tables"/>.</summary>
    public void Write(IRenderable table) => _console.Write(table);

    /// <summary>Writes a line to stdout that is never wrapped, for programs that read it.</summary>
    public void WritePlain(string line) => _output.WriteLine(VisibleText.Line(line));

    /// <summary>Writes a page of the program's own lines to stdout, not wrapped.</summary>
    public void WritePage(string lines) => _output.Write(VisibleText.Lines(lines));

    /// <summary>Writes an object as indented JSON to stdout.</summary>
    public void WriteJson(object value) => _output.WriteLine(VisibleText.Json(JsonSerializer.Serialize(value, s_json)));

    /// <summary>Writes an object as JSON to stdout, in one line.</summary>
    public void WriteJsonLine(object value) => _output.WriteLine(VisibleText.Json(JsonSerializer.Serialize(value, s_jsonLine)));

    /// <summary>Writes a line to stderr.</summary>
    public void Note(string line) => _error.WriteLine(VisibleText.Line(line));

    /// <summary>Writes one error sentence to stderr.</summary>
    public void Error(string message) => Note($"{_command}: {message}");

    /// <summary>Writes a fault of the program in full to stderr, with the lines of its stack.</summary>
    public void Trace(Exception fault) => _error.WriteLine(VisibleText.Lines(fault.ToString()));

    /// <summary>Shows <paramref name="what"/> on stderr while <paramref name="work"/> runs; the work may change the text.</summary>
    public T Working<T>(string what, Func<Action<string>, T> work)
    {
        // Without a terminal there is no line to rewrite: one plain line says what begins.
        if (!IsLive)
        {
            Note(what);
            return work(_ => { });
        }

        return _progress.Status().Start(ConsoleMarkup.Escape(what), status => work(text => status.Status(ConsoleMarkup.Escape(text))));
    }

    /// <summary>Bars on stderr, for when it <see cref="IsLive"/>.</summary>
    public Progress Bars() => _progress.Progress();

    /// <summary>Reads a line, which is asked for on stderr where somebody types it; null at the end of the input.</summary>
    public async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellation)
    {
        if (IsTyped)
        {
            _error.Write(VisibleText.Line(prompt));
            _error.Flush();
        }

        string? line = null;
        try
        {
            // Nothing ends a reading of stdin: who is cancelled leaves it to a thread that holds no process up.
            var reading = Task.Run(() => (Input ?? Console.In).ReadLine(), CancellationToken.None);
            line = await reading.WaitAsync(cancellation).ConfigureAwait(false);
            return line;
        }
        finally
        {
            if (IsTyped && line is null)
                _error.WriteLine();
        }
    }

    /// <summary>Redirected output has no width: 80 columns would break long lines in the middle of a table.</summary>
    private static IAnsiConsole Wide(IAnsiConsole console, bool redirected)
    {
        if (redirected)
            console.Profile.Width = 240;
        return console;
    }
}
