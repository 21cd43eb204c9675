using System.Diagnostics;

namespace StarKV.Extensions.AI.Tests;

/// <summary>The sample, as it was built and as a user starts it: in the root of the repository.</summary>
public sealed class DesktopAgentTests
{
    [Fact]
    public async Task It_prints_what_the_page_shows()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = RepositoryFiles.Path(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(RepositoryFiles.Path("samples", "DesktopAgent", "bin", configuration, "net10.0", "DesktopAgent.dll"));
        // No culture of the system is asked for, so that machines without ICU run this.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var printed = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (process.ExitCode, await errors));
        Assert.Contains($"```text\n{printed}```\n", Page("docs/chat-client.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md", "## As an `IChatClient`")]
    [InlineData("docs/chat-client.md", "## A desktop agent")]
    public void Pages_hold_the_code_that_is_compiled(string page, string heading)
    {
        var section = Page(page).Split(heading + "\n")[1];
        var code = section[(section.IndexOf("```csharp\n", StringComparison.Ordinal) + 10)..];
        code = code[..code.IndexOf("```", StringComparison.Ordinal)];
        Assert.True(code.Split('\n').Length > 10, code);
        Assert.Contains(code, Page("samples/DesktopAgent/Program.cs"), StringComparison.Ordinal);
    }

    private static string Page(string path) => File.ReadAllText(RepositoryFiles.Path(path)).ReplaceLineEndings("\n");
}
