using System.Text;
using System.Text.RegularExpressions;

namespace StarKV.Tests.Readme;

/// <summary>The table of right answers by method and mode, from the page of results on further tasks.</summary>
internal static partial class SessionAnswersTable
{
    private const string Page = "docs/results-sessions-further.md";

    public static string Make()
    {
        var text = RepositoryText.Read(Page);
        // The first table of the run is that of last answers: 20 %, then the full cache's column.
        var table = text[text.IndexOf("## Run 1", StringComparison.Ordinal)..text.IndexOf("Bytes held", StringComparison.Ordinal)];
        var cells = Row().Matches(table).Select(m => (Method: m.Groups[1].Value, Mode: m.Groups[2].Value.Replace(":budget=final", "", StringComparison.Ordinal), Right: m.Groups[3].Value)).ToList();
        var modes = cells.Select(c => c.Mode).Distinct().ToList();
        var made = new StringBuilder($"| method | {string.Join(" | ", modes.Select(m => $"`{m}`"))} |\n|---|{string.Concat(modes.Select(_ => "---:|"))}\n");
        foreach (var method in cells.GroupBy(c => c.Method))
            made.Append($"| `{method.Key}` | {string.Join(" | ", modes.Select(m => method.First(c => c.Mode == m).Right))} |\n");
        return made.Append($"\nLast answers of {Tasks().Match(text).Groups[1].Value} tasks, each method at 20 % of the tokens that the conversation has in the end; brackets hold Wilson's 95 % interval: [all results]({Path.GetFileName(Page)}).\n").ToString();
    }

    [GeneratedRegex(@"^\| `([^@`]+)@([^`]+)` \| (?: \| )?([0-9.]+ \[[^\]]*\])", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^([0-9,]+) tasks, ", RegexOptions.Multiline)]
    private static partial Regex Tasks();
}
