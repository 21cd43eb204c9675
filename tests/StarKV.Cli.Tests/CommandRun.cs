using System.Text.Json;
using Spectre.Console.Testing;

namespace StarKV.Cli.Tests;

/// <summary>What one command line did: its exit code and what it wrote, as if without a terminal.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Out">Everything on stdout.</param>
/// <param name="Error">Everything on stderr.</param>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    /// <summary>The JSON on stdout.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Out);

    /// <summary>Runs a command line in this process.</summary>
    public static async Task<CommandRun> Of(params string[] arguments)
    {
        using var console = new TestConsole { Profile = { Width = 160 } };
        using var progress = new TestConsole();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await StarKvCommand.RunAsync(arguments, new Terminal(console, progress, output, error));
        return new CommandRun(code, console.Output + output, progress.Output + error);
    }

    /// <summary>Asserts a refusal: exit code 2, one sentence with these parts on stderr, no stack trace, nothing on stdout.</summary>
    public void Refused(params string[] parts)
    {
        var sentence = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("starkv: ", StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.EndsWith(sentence + "\n", Error, StringComparison.Ordinal);
        Assert.Equal("", Out);
        Assert.Equal(ExitCodes.BadInput, ExitCode);
    }
}
