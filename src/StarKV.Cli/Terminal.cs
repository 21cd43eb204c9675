using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace StarKV.Cli;

/// <summary>Where a command writes: the result to stdout, progress and errors to stderr, both safe without a terminal.</summary>
internal sealed class Terminal
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Terminal(IAnsiConsole console, IAnsiConsole progress, TextWriter output, TextWriter error) =>
        (Console, Progress, Out, ErrorWriter) = (console, progress, output, error);

    /// <summary>Results that people read.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Progress, on stderr.</summary>
    public IAnsiConsole Progress { get; }

    /// <summary>Plain stdout.</summary>
    public TextWriter Out { get; }

    /// <summary>Plain stderr.</summary>
    public TextWriter ErrorWriter { get; }

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess() => new(
        Wide(AnsiConsole.Console, System.Console.IsOutputRedirected),
        Wide(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) }), System.Console.IsErrorRedirected),
        System.Console.Out, System.Console.Error);

    /// <summary>True when a line of progress can be rewritten.</summary>
    public bool Rewrites => Progress.Profile.Capabilities.Interactive && Progress.Profile.Out.IsTerminal;

    /// <summary>Shows <paramref name="what"/> on stderr while <paramref name="work"/> runs; the work may change the text.</summary>
    public T Working<T>(string what, Func<Action<string>, T> work)
    {
        // Without a terminal there is no line to rewrite: one plain line says what begins.
        if (!Rewrites)
        {
            ErrorWriter.WriteLine(what);
            return work(_ => { });
        }

        return Progress.Status().Start(Markup.Escape(what), status => work(text => status.Status(Markup.Escape(text))));
    }

    /// <summary>Writes an object as indented JSON to stdout.</summary>
    public void WriteJson(object value) => Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Writes one error sentence to stderr.</summary>
    public void Error(string message) => ErrorWriter.WriteLine($"starkv: {message}");

    /// <summary>Redirected output has no width: 80 columns would break long lines in the middle of a table.</summary>
    private static IAnsiConsole Wide(IAnsiConsole console, bool redirected)
    {
        if (redirected)
            console.Profile.Width = 240;
        return console;
    }
}
