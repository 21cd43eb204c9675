using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace StarKV.Text;

/// <summary>Cuts normalised text into the words that byte pairs are joined within, as the Qwen2 family does.</summary>
/// <remarks>
/// The family's pattern is <see cref="Pattern"/>. It is walked by hand because .NET's Regex works on UTF-16 units and so takes
/// letters and digits beyond U+FFFF for symbols.
/// </remarks>
internal sealed class QwenPreTokenizer : PreTokenizer
{
    /// <summary>The pattern as tokenizer.json writes it; a file with another one is not of this family.</summary>
    public const string Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private enum Kind { Letter, Number, Space, Other }

    /// <inheritdoc />
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    /// <inheritdoc />
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>();
        for (var i = 0; i < text.Length;)
        {
            var length = WordLength(text[i..]);
            words.Add((i, length));
            i += length;
        }

        return words;
    }

    // The first word of a text that is not empty: the alternatives of the pattern in their order.
    private static int WordLength(ReadOnlySpan<char> text)
    {
        var contraction = Contraction(text);
        if (contraction > 0)
            return contraction;

        var kind = KindAt(text, 0, out var first);
        if (kind == Kind.Letter)
            return RunOf(Kind.Letter, text, 0);
        if (kind == Kind.Number)
            return first;
        if (!IsLineBreak(text[0]) && RunOf(Kind.Letter, text, first) is var letters and > 0)
            return first + letters;

        var blank = text[0] == ' ' ? 1 : 0;
        var others = RunOf(Kind.Other, text, blank);
        return others > 0 ? blank + others + LineBreaks(text[(blank + others)..]) : SpaceLength(text);
    }

    private static int SpaceLength(ReadOnlySpan<char> text)
    {
        // Every white-space character is one UTF-16 unit.
        var run = RunOf(Kind.Space, text, 0);
        var lastBreak = text[..run].LastIndexOfAny('\r', '\n');
        if (lastBreak >= 0)
            return lastBreak + 1;
        // The last blank belongs to the word after it, unless nothing follows.
        return run == text.Length || run == 1 ? run : run - 1;
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
            return 0;
        // U+017F, the long s, is an s when case is ignored.
        if (char.ToLowerInvariant(text[1]) is 's' or 't' or 'm' or 'd' or 'ſ')
            return 2;
        if (text.Length < 3)
            return 0;
        return (char.ToLowerInvariant(text[1]), char.ToLowerInvariant(text[2])) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int RunOf(Kind kind, ReadOnlySpan<char> text, int start)
    {
        var i = start;
        while (i < text.Length && KindAt(text, i, out var length) == kind)
            i += length;
        return i - start;
    }

    private static int LineBreaks(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept('\r', '\n');
        return end < 0 ? text.Length : end;
    }

    private static bool IsLineBreak(char c) => c is '\r' or '\n';

    private static Kind KindAt(ReadOnlySpan<char> text, int index, out int length)
    {
        Rune.DecodeFromUtf16(text[index..], out var rune, out length);
        if (Rune.IsLetter(rune))
            return Kind.Letter;
        if (Rune.IsWhiteSpace(rune))
            return Kind.Space;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber
            ? Kind.Number
            : Kind.Other;
    }
}
