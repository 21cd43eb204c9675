using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>How the JavaScript parser splits an answer.</summary>
internal sealed partial record JsHeader(string? Reflection, string? Thought, string ActionText)
{
    /// <summary>Splits an answer of mode bc.</summary>
    public static JsHeader Read(string text)
    {
        var (reflection, thought) = ReadThought(text);
        // Without a label the whole text is the action; with some, the last one counts.
        return new(reflection, thought, ActionLabel().Split(text)[^1]);
    }

    /// <summary>Splits an answer of mode o1; missing parts become the word <c>null</c>.</summary>
    public static JsHeader ReadTagged(string text)
    {
        var thought = TaggedThought().Match(text) is { Success: true } t ? t.Groups[1].Value : "null";
        var summary = TaggedSummary().Match(text) is { Success: true } s ? s.Groups[1].Value : "null";
        return new(null, $"{thought}\n<Action_Summary>\n{summary}", TaggedAction().Match(text).Groups[1].Value);
    }

    private static (string? Reflection, string? Thought) ReadThought(string text)
    {
        if (text.Contains("Thought:", StringComparison.Ordinal))
            return (null, Trimmed(ThoughtText().Match(text), 1));
        if (text.StartsWith("Reflection:", StringComparison.Ordinal))
            return ReflectionText().Match(text) is var match ? (Trimmed(match, 1), Trimmed(match, 2)) : default;
        if (text.StartsWith("Action_Summary:", StringComparison.Ordinal))
            return (null, Trimmed(SummaryText().Match(text), 1));
        return default;
    }

    private static string? Trimmed(Match match, int group) => match.Success ? JsText.Trim(match.Groups[group].Value) : null;

    [GeneratedRegex(@"Action[:：]", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex ActionLabel();

    [GeneratedRegex(@"Thought: ([\s\S]+?)(?:\s*Action[:：]|\z)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex ThoughtText();

    [GeneratedRegex(
        @"Reflection: ([\s\S]+?)Action_Summary: ([\s\S]+?)(?:\s*Action[:：]|\z)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex ReflectionText();

    [GeneratedRegex(@"Action_Summary: ([^\n\r\u2028\u2029]+?)(?:\s*Action[:：]|\z)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex SummaryText();

    [GeneratedRegex(@"<Thought>\s*([^\n\r\u2028\u2029]*?)\s*</Thought>", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex TaggedThought();

    [GeneratedRegex(@"\nAction_Summary:\s*([^\n\r\u2028\u2029]*?)\s*Action:", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex TaggedSummary();

    [GeneratedRegex(@"\nAction:\s*([^\n\r\u2028\u2029]*?)\s*</Output>", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex TaggedAction();
}
