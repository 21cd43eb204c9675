using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>An answer divided into what the model thought and what it answers.</summary>
/// <param name="Thought">The thinking text without its tags; null without one.</param>
/// <param name="Answer">What comes after it.</param>
internal sealed partial record Thinking(string? Thought, string Answer)
{
    /// <summary>
    /// Divides a text after its last end tag that is in no call: chat templates may hold the opening tag, and what is thought may hold
    /// calls. Thinking without an end reaches to the next <c>&lt;action&gt;</c> where the language has it, else to the end of the text.
    /// </summary>
    /// <param name="text">The text the model wrote.</param>
    /// <param name="budget">Of the text.</param>
    /// <param name="hasActionTag">Whether calls of the language stand between <c>&lt;action&gt;</c> and its end tag; default false.</param>
    /// <exception cref="TangledTextException">The budget is spent.</exception>
    public static Thinking Of(string text, ReadingBudget budget, bool hasActionTag = false)
    {
        var (opening, closing, close) = (-1, -1, 0);
        var (isOpen, readUntil) = (false, 0);
        foreach (var tag in Tag().EnumerateMatches(text))
        {
            if (tag.Index < readUntil) continue;
            switch (text[tag.Index + 1])
            {
                case '/':
                    (closing, close, isOpen) = (tag.Index, tag.Index + tag.Length, false);
                    break;
                case 'a' or 'A':
                    if (hasActionTag && !isOpen)
                        readUntil = Math.Max(tag.Index, text.IndexOf("</action>", tag.Index, StringComparison.Ordinal));
                    break;
                case var _ when text[tag.Index + 2] is 'h' or 'H':
                    if (opening < 0) opening = tag.Index;
                    isOpen = true;
                    break;
                default:
                    if (!hasActionTag) readUntil = EndOfCall(text, tag.Index + tag.Length, budget);
                    break;
            }
        }

        if (closing >= 0)
        {
            var from = opening >= 0 && text.AsSpan(0, opening).IsWhiteSpace() ? text.IndexOf('>', opening) + 1 : 0;
            return new(Filled(text[from..closing]), text[close..]);
        }

        if (opening < 0) return new(null, text);
        var start = text.IndexOf('>', opening) + 1;
        var end = hasActionTag ? text.IndexOf("<action>", start, StringComparison.Ordinal) : -1;
        return end < 0 ? new(Filled(text[start..]), "") : new(Filled(text[start..end]), text[end..]);
    }

    // What a call holds is no tag, even where it looks like one.
    private static int EndOfCall(string text, int start, ReadingBudget budget)
    {
        var json = new LooseJson(text, start, budget);
        return json.Read() is null ? start : json.At;
    }

    private static string? Filled(string text) => text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    [GeneratedRegex(
        "</?think(?:ing)?>|<tool_call>|<action>", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
