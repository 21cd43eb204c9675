using System.Text.Json;
using Spectre.Console.Testing;
using StarKV.Bench;

namespace StarKV.Cli.Tests;

/// <summary>What one command line did: its exit code and what it wrote, as if without a terminal.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Out">Everything on stdout.</param>
/// <param name="Error">Everything on stderr.</param>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    /// <summary>The command that ran, which its errors begin with.</summary>
    public string Command { get; init; } = Terminal.DefaultCommand;

    /// <summary>The JSON on stdout.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Out);

    /// <summary>Runs a command line in this process: one of <c>starkv</c>, or, with that word in front, of <c>starkv-bench</c>.</summary>
    public static Task<CommandRun> Of(params string[] arguments) => In(160, arguments);

    /// <summary>Runs a command line as if stdout had so many columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="arguments">The words.</param>
    public static async Task<CommandRun> In(int columns, params string[] arguments)
    {
        using var error = new StringWriter();
        return await In(columns, error, arguments);
    }

    /// <summary>Runs a command line whose progress somebody listens to.</summary>
    /// <param name="columns">The columns of stdout.</param>
    /// <param name="error">Where stderr goes.</param>
    /// <param name="arguments">The words.</param>
    public static Task<CommandRun> In(int columns, StringWriter error, params string[] arguments) =>
        In(columns, error, TextReader.Null, isTyped: false, arguments);

    /// <summary>Runs a command line that reads lines.</summary>
    /// <param name="isTyped">Whether somebody types them.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="arguments">The words.</param>
    public static async Task<CommandRun> Typed(bool isTyped, IEnumerable<string> lines, params string[] arguments)
    {
        using var error = new StringWriter();
        using var input = new StringReader(string.Concat(lines.Select(line => line + "\n")));
        return await In(160, error, input, isTyped, arguments);
    }

    private static async Task<CommandRun> In(int columns, StringWriter error, TextReader input, bool isTyped, string[] arguments)
    {
        using var console = new TestConsole { Profile = { Width = columns } };
        using var progress = new TestConsole();
        using var output = new StringWriter();
        var isBench = CommandTree.IsBench(arguments);
        var command = isBench ? BenchCommand.Name : Terminal.DefaultCommand;
        var terminal = new Terminal(console, progress, output, error, command) { Input = input, IsTyped = isTyped };
        var code = isBench
            ? await StarKvCommand.RunAsync(arguments[1..], BenchCommand.Create, terminal)
            : await StarKvCommand.RunAsync(arguments, terminal);
        return new CommandRun(code, console.Output + output, progress.Output + error) { Command = command };
    }

    /// <summary>Asserts a refusal: exit code 2, one sentence with these parts on stderr, no stack trace, nothing on stdout.</summary>
    public void Refused(params string[] parts)
    {
        var sentence = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith($"{Command}: ", StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.EndsWith(sentence + "\n", Error, StringComparison.Ordinal);
        Assert.Equal("", Out);
        Assert.Equal(ExitCodes.BadInput, ExitCode);
    }
}
