using System.Text.RegularExpressions;

namespace StarKV.Tests.Readme;

/// <summary>The first table of a page of results: right answers by method and budget.</summary>
internal static partial class AccuracyTable
{
    public static string Of(string page)
    {
        var found = Table().Match(RepositoryText.Read(page));
        Assert.True(found.Success, page);
        var (tasks, table) = (found.Groups[1].Value, found.Groups[2].Value);
        return $"{table}\nPercent right of {tasks} tasks, float32; brackets hold Wilson's 95 % interval: [all results]({Path.GetFileName(page)}).\n";
    }

    [GeneratedRegex(@"^([0-9,]+) tasks, 0 with errors\.\n(?:\n!\[[^\n]*\n)*\n((?:\|[^\n]*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Table();
}
