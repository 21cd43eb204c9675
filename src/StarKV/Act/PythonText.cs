using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>One text literal of Python as a source has it.</summary>
/// <param name="Prefix">The letters in front of the quotes, such as <c>r</c>; empty without.</param>
/// <param name="Raw">The characters between the quotes, escapes untouched.</param>
/// <param name="Length">Characters of the whole literal.</param>
[Experimental("STARKV001")]
public readonly partial record struct PythonText(string Prefix, string Raw, int Length)
{
    /// <summary>The literal at <paramref name="at"/>; null when none begins there, or when it does not end.</summary>
    public static PythonText? Scan(string source, int at, ReadingBudget budget)
    {
        if (Start().Match(source, at) is not { Success: true } start) return null;
        var quote = start.Groups["quote"].Value;
        var (from, end) = (at + start.Length, at + start.Length);
        while (end < source.Length && !source.AsSpan(end).StartsWith(quote, StringComparison.Ordinal))
        {
            if (quote.Length == 1 && source[end] == '\n') break;
            end += source[end] == '\\' ? 2 : 1;
        }

        budget.Spend(end - at);
        if (end < source.Length && source[end] == '\n') return null;
        return end >= source.Length ? null : new(start.Groups["prefix"].Value, source[from..end], end + quote.Length - at);
    }

    /// <summary>The text that the literal stands for; an expression that is not a literal when it has placeholders.</summary>
    public PythonValue Value()
    {
        var isRaw = Has('r');
        var raw = Raw;
        if (Has('f'))
        {
            if (WithoutDoubledBraces(raw) is not { } plain) return PythonValue.Other($"{Prefix}'{raw}'");
            raw = plain;
        }

        return new(PythonKind.Text, Raw, isRaw ? raw : PythonEscapes.Resolve(raw));
    }

    private bool Has(char letter) => Prefix.Contains(letter, StringComparison.OrdinalIgnoreCase);

    /// <summary>The characters of a formatted text, <c>{{</c> and <c>}}</c> as one; null when it contains a placeholder.</summary>
    private static string? WithoutDoubledBraces(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] is '{' or '}' && (++at == raw.Length || raw[at] != raw[at - 1])) return null;
            text.Append(raw[at]);
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\G(?<prefix>[rR][bBfF]?|[bBfF][rR]?|[uU])?(?<quote>'''|""""""|'|"")", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Start();
}
