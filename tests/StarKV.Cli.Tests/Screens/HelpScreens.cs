using System.Text.RegularExpressions;

namespace StarKV.Cli.Tests.Screens;

/// <summary>The help of the command and of each verb, 100 columns wide.</summary>
public sealed class HelpScreens
{
    /// <summary>Verbs with help; those that only time the engine's parts are for its developers.</summary>
    public static TheoryData<string> Verbs => [.. Shown.Prepend("")];

    private static IEnumerable<string> Shown => CommandTree.Verbs.Select(v => v.Verb).Where(verb => verb.Length > 0 && !verb.StartsWith("bench", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_is_the_recorded_one(string verb)
    {
        var run = await CommandRun.In(100, [.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((ExitCodes.Success, ""), (run.ExitCode, run.Error));
        Snapshot.Check(Name(verb), verb.Length > 0 ? run.Out : Regex.Replace(run.Out, "^  bench .*\n(?:   .*\n)*", "", RegexOptions.Multiline));
    }

    [Fact]
    public void Every_recorded_help_belongs_to_a_verb() =>
        Assert.Empty(Directory.EnumerateFiles(Snapshot.Folder, "help*.txt").Select(Path.GetFileName).Except(Shown.Prepend("").Select(Name)));

    private static string Name(string verb) => $"{string.Join('-', ["help", .. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries)])}.txt";
}
