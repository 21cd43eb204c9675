using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>The parts of an answer around its calls: labels, headers, think blocks, code fences and end marks.</summary>
internal static partial class AnswerText
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.Singleline | AnyCase;

    private static readonly string[] s_endMarks = ["[EOS]", "<|im_end|>", "<|endoftext|>", "</s>", "</Output>", "```"];

    /// <summary>The answer with line feeds only, without think blocks and without end marks.</summary>
    /// <param name="answer">The text the model wrote.</param>
    /// <param name="hasEndMark">Whether an end mark was at its end: what is before it was not cut.</param>
    public static string Clean(string answer, out bool hasEndMark)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = ThinkBlock().Replace(answer.ReplaceLineEndings("\n"), "").Trim();
        // Some chat templates open the block in the prompt; the answer then holds its end only.
        if (UnopenedThink().Match(text) is { Success: true } unopened) text = text[unopened.Length..];
        var end = EndOfContent(text);
        hasEndMark = end < text.Length;
        return text[..end];
    }

    /// <summary>The labels <c>Action:</c> at the starts of lines, in any case and with either colon.</summary>
    public static MatchCollection Labels(string text) => Label().Matches(text);

    /// <summary>Index after blanks, line ends, code fences and end marks from <paramref name="at"/> on.</summary>
    public static int SkipDecoration(string text, int at) =>
        Decoration().Match(text, at) is { Success: true, Length: var length } ? at + length : at;

    /// <summary>True when a label, a header or a known call begins at <paramref name="at"/>.</summary>
    public static bool StatementStarts(string text, int at) =>
        Statement().Match(text, at) is { Success: true } match
        && (match.Groups["name"] is not { Success: true } name || ActionVocabulary.IsAction(name.Value));

    /// <summary>The next label or header at the start of a line from <paramref name="at"/> on, else the end of the text.</summary>
    public static int NextHeader(string text, int at) => Header().Match(text, at) is { Success: true } match ? match.Index : text.Length;

    /// <summary>Reads the reflection and the thought of the text in front of an action part.</summary>
    public static (string? Reflection, string? Thought) ReadHeader(string header)
    {
        // The last word may be a label in mid-line, for which the call was found without its help.
        header = EndLabel().Replace(header, "");
        var reflection = Filled(Reflection().Match(header));
        var thought = Filled(TaggedThought().Match(header)) ?? Filled(Thought().Match(header));
        return (reflection, thought);
    }

    private static string? Filled(Match match) => match.Groups[1].Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Index after the last character that is neither blank nor part of an end mark or code fence.</summary>
    public static int EndOfContent(string text)
    {
        var end = text.Length;
        for (var before = -1; before != end;)
        {
            before = end;
            end = text.AsSpan(0, end).TrimEnd().Length;
            foreach (var mark in s_endMarks)
                if (text.AsSpan(0, end).EndsWith(mark, StringComparison.Ordinal)) end -= mark.Length;
        }

        return end;
    }

    [GeneratedRegex(@"^[ \t]*<think>.*?</think>", RegexOptions.Multiline | Linear)]
    private static partial Regex ThinkBlock();

    [GeneratedRegex(@"\A(?:(?!<think>|^[ \t]*action[ \t]*[:：]).)*</think>\s*",
        RegexOptions.Multiline | RegexOptions.Singleline | AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex UnopenedThink();

    [GeneratedRegex(@"^[ \t#*]*action[ \t]*[:：][ \t*]*", RegexOptions.Multiline | AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex Label();

    [GeneratedRegex(
        @"^[ \t#*]*(?:action|thought|reflection|action_summary)[ \t]*[:：]", RegexOptions.Multiline | AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex Header();

    [GeneratedRegex(
        @"\G(?:\s|```(?:[a-z]+\n)?|`|\[EOS\]|<\|im_end\|>|<\|endoftext\|>|</s>|</Output>)*", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Decoration();

    [GeneratedRegex(
        @"\G[ \t#*]*(?:(?:action|thought|reflection|action_summary)[ \t]*[:：]|(?:\w+\.)*(?<name>\w+)[ \t]*\()",
        AnyCase,
        MatchLimit.Milliseconds)]
    private static partial Regex Statement();

    [GeneratedRegex(@"(?:\A|\s)action[ \t]*[:：]\s*\z", AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex EndLabel();

    [GeneratedRegex(@"^[ \t#*]*reflection[ \t]*[:：](.*?)(?=^[ \t#*]*(?:action_summary|thought)[ \t]*[:：]|\z)",
        RegexOptions.Multiline | RegexOptions.Singleline | AnyCase, MatchLimit.Milliseconds)]
    private static partial Regex Reflection();

    [GeneratedRegex(@"<thought>(.*?)</thought>", Linear)]
    private static partial Regex TaggedThought();

    [GeneratedRegex(@"^[ \t#*]*(?:thought|action_summary)[ \t]*[:：](.*)", RegexOptions.Multiline | RegexOptions.Singleline | AnyCase,
        MatchLimit.Milliseconds)]
    private static partial Regex Thought();
}
