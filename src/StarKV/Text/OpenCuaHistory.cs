using System.Text.RegularExpressions;

namespace StarKV.Text;

/// <summary>
/// How OpenCUA is shown an earlier step: a header with its number, then the sections of its answer that the level keeps, without the code.
/// </summary>
/// <param name="Template">The sections, with the placeholders {observation}, {thought} and {action}.</param>
/// <remarks>Source: the public OpenCUA agent. An answer without one of the sections is shown word by word under the header.</remarks>
internal sealed partial record OpenCuaHistory(string Template)
{
    private static readonly string s_header = PromptTexts.Get("opencua.step_header");

    /// <summary>The text of a step.</summary>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="answer">The model's answer of then.</param>
    public string Write(int step, string answer)
    {
        var marks = Mark().Matches(answer);
        var sections = marks.Select((mark, i) => (Name: mark.Groups["name"].Value.ToLowerInvariant(), Text: Section(i)))
            .GroupBy(section => section.Name)
            .ToDictionary(g => g.Key, g => g.Last().Text);
        var whole = Placeholder().Matches(Template).All(m => sections.ContainsKey(m.Groups[1].Value));
        return s_header.Replace("{step_num}", $"{step}", StringComparison.Ordinal)
            + (whole ? Placeholder().Replace(Template, m => sections[m.Groups[1].Value]) : answer);

        string Section(int i)
        {
            var start = marks[i].Index + marks[i].Length;
            var end = i + 1 < marks.Count ? marks[i + 1].Index : answer.Length;
            return answer[start..end].Trim();
        }
    }

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    // A heading stands alone in its line; a section ends at the next heading or at the code.
    [GeneratedRegex(
        @"^(?:## *)?(?<name>Observation|Thought|Action|Code):[ \t\r]*$|^```|^(?:pyautogui|computer)\.",
        RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Mark();
}
