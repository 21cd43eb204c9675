#region usings
using StarKV;
using StarKV.Budget;
using StarKV.Input;
using StarKV.Score;
using StarKV.Text;
#endregion
using System.Text.Json;
using StarKV.Tests;
using StarKV.Tests.Readme;

// Not below StarKV, like the code of those who use it: so every using that they need is needed here too.
namespace Reader;

/// <summary>The code of README.md and docs/quickstart.md: it is compiled and run here, and the pages must hold it word for word.</summary>
[Collection(nameof(AtRepositoryRoot))]
public sealed class ReadmeSnippets
{
    [Fact]
    public void Session_snippet_prints_what_the_readme_shows()
    {
        var (console, printed) = (Console.Out, new StringWriter { NewLine = "\n" });
        Console.SetOut(printed);
        try
        {
            Steps();
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.Contains($"```text\n{printed}```\n", RepositoryText.Read("README.md"), StringComparison.Ordinal);

        static void Steps()
        {
#pragma warning disable xUnit1051 // A reader's code has no test to be cancelled with.
            #region session
            using var agent = GuiAgent.Load("models/mini");
            using var session = agent.OpenSession(
                "Close the message, click the info icon, then type the \"Select\" value into \"Limits\"",
                new SessionOptions { Method = new StarKv(), Budget = KvBudget.Keep(0.40), Position = InstructionPosition.First });
            for (var step = 0; step < 3; step++)
            {
                var screen = Screenshot.Load($"tests/vectors/mini/multi_step_instruction_first_0_{step}.png");
                var answer = session.Step(screen);
                Console.WriteLine($"{answer.Text} -> {answer.Point}");
                Console.WriteLine($"  {answer.Session!.TokensRead} of {answer.Session.Tokens} tokens read, {answer.Kv.KeptTokens} kept");
            }

            #endregion
#pragma warning restore xUnit1051
        }
    }

    [Fact]
    public void Library_snippet_answers_inside_the_target()
    {
#pragma warning disable xUnit1051 // A reader's code has no test to be cancelled with.
        #region library
        using var agent = GuiAgent.Load("models/mini");
        var screen = Screenshot.Load("models/mini/demo/screenshot.png");
        var answer = agent.Ground(screen, "Select \"Columns\"", new GroundingOptions
        {
            Method = new StarKv(),
            Budget = KvBudget.Keep(0.20),
        });
        Console.WriteLine($"{answer.Text} -> {answer.Point}");
        Console.WriteLine($"{answer.Kv.Bytes:N0} of {answer.Kv.FullBytes:N0} bytes of keys and values held");
        #endregion
#pragma warning restore xUnit1051

        var (x, y) = Assert.NotNull(answer.Point);
        using var task = JsonDocument.Parse(RepositoryText.Read("models", "mini", "demo", "task.json"));
        var box = task.RootElement.GetProperty("targetBox").EnumerateArray().Select(v => v.GetInt32()).ToArray();
        Assert.InRange(x, box[0], box[2]);
        Assert.InRange(y, box[1], box[3]);
        Assert.InRange(answer.Kv.KeptShare, 0.19, 0.20);
    }

    [Theory]
    [InlineData("README.md", "usings")]
    [InlineData("README.md", "session")]
    [InlineData("docs/quickstart.md", "library")]
    public void Pages_hold_the_code_that_is_compiled(string page, string region) =>
        Assert.Contains(Region(region), RepositoryText.Read(page), StringComparison.Ordinal);

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData(".ci/run")]
    public void The_test_command_is_the_same_everywhere(string file) =>
        Assert.Contains("dotnet test -c Release", RepositoryText.Read(file), StringComparison.Ordinal);

    /// <summary>The lines of a region of this file, moved to the left edge.</summary>
    private static string Region(string name)
    {
        var lines = RepositoryText.Read("tests", "StarKV.Tests", "Readme", "ReadmeSnippets.cs").Split('\n');
        var first = Array.FindIndex(lines, line => line.Trim() == $"#region {name}") + 1;
        Assert.True(first > 0, $"There is no region {name}.");
        var body = lines[first..Array.FindIndex(lines, first, line => line.Trim() == "#endregion")];
        var indent = body.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', body.Select(line => line.Length > 0 ? line[indent..] : line));
    }
}

/// <summary>Runs alone and from the repository's root, as a reader of README.md would.</summary>
[CollectionDefinition(nameof(AtRepositoryRoot), DisableParallelization = true)]
public sealed class AtRepositoryRoot : ICollectionFixture<AtRepositoryRoot.Folder>
{
    public sealed class Folder : IDisposable
    {
        private readonly string _before = Environment.CurrentDirectory;

        public Folder() => Environment.CurrentDirectory = RepositoryFiles.Path();

        public void Dispose() => Environment.CurrentDirectory = _before;
    }
}
