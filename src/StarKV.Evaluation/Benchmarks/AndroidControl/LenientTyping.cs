using System.Text.RegularExpressions;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>When STaR-KV's program counts typed text as right.</summary>
internal static partial class LenientTyping
{
    /// <summary>True when one of the rules holds; an empty truth is never met.</summary>
    public static bool Matches(string predicted, string truth)
    {
        if (truth.Length == 0)
            return false;
        var (a, b) = (Normalised(predicted), Normalised(truth));
        return a == b
            || (predicted.Contains('@')
                && truth.Contains('@')
                && Spaces().Replace(predicted, "").Equals(Spaces().Replace(truth, ""), StringComparison.OrdinalIgnoreCase))
            || Stripped(predicted) == Stripped(truth)
            || AlmostSameNumber(predicted.Trim(), truth.Trim())
            || (b.Length >= 5 && a.Length > 0 && (a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal)));
    }

    // The original strips the two characters of the escape, not a line feed, and so eats a last n too.
    private static string Stripped(string text) => text.TrimEnd('\\', 'n');

    private static bool AlmostSameNumber(string a, string b) =>
        a.Length == b.Length
            && a.Length is >= 4 and <= 8
            && a.All(char.IsAsciiDigit)
            && b.All(char.IsAsciiDigit)
            && a.Zip(b).Count(p => p.First != p.Second) <= 1;

    private static string Normalised(string text) =>
        Spaces().Replace(Quotes().Replace(Nfc.Normalize(string.Concat(text.Select(HalfWidth))), ""), " ").Trim().ToLowerInvariant();

    // The original takes NFKC. .NET has it only where ICU is installed, and results
    // must not depend on that; of its mappings, those that keyboards produce:
    // full-width forms of ASCII. Blanks of all kinds are collapsed anyway.
    private static char HalfWidth(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    // Straight and typographic apostrophes, backtick and acute accent.
    [GeneratedRegex("['‘’‛`´]", RegexOptions.NonBacktracking)]
    private static partial Regex Quotes();
}
