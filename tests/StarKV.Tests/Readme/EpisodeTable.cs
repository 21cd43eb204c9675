using System.Text;
using System.Text.RegularExpressions;

namespace StarKV.Tests.Readme;

/// <summary>The table of right answers to each step of the long episodes, from their page of results.</summary>
internal static partial class EpisodeTable
{
    private const string Page = "docs/results-episodes.md";

    private static readonly int[] s_steps = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20];

    private static readonly (string Cache, string Shown)[] s_caches =
    [
        ("full@reread:budget=final", "all"), ("full@lossless:window=5:slide=drop:budget=final", "the last 5"),
    ];

    public static string Make()
    {
        var text = RepositoryText.Read(Page);
        var table = text[text.IndexOf("Right answers to each step", StringComparison.Ordinal)..];
        var made = new StringBuilder($"| screenshots | {string.Join(" | ", s_steps.Select(s => $"step {s}"))} |\n|---|{string.Concat(s_steps.Select(_ => "---:|"))}\n");
        foreach (var (cache, shown) in s_caches)
        {
            var cells = Row().Matches(table).First(m => m.Groups[1].Value == cache).Groups[2].Value.Split('|', StringSplitOptions.TrimEntries);
            made.Append($"| {shown} | {string.Join(" | ", s_steps.Select(s => cells[s - 1].Split(' ')[0]))} |\n");
        }

        return made.Append($"\nPercent right with the full cache, float32, n 90 up to step 10 and 30 after it: [all results]({Path.GetFileName(Page)}).\n").ToString();
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| [0-9]+% \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
