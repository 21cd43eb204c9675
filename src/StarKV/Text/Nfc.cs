using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace StarKV.Text;

/// <summary>Unicode normalisation form C, from a table of this project.</summary>
/// <remarks>
/// The process runs with invariant globalization, so that no ICU has to be installed, and there <c>string.Normalize</c>
/// silently returns text beyond ASCII unchanged. Source: Unicode Standard Annex 15 and the Unicode Character Database.
/// </remarks>
[Experimental("STARKV001")]
public static class Nfc
{
    // Hangul syllables are composed by arithmetic: leading, vowel and trailing jamo (Unicode Standard, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, SyllableCount = LeadCount * VowelCount * TrailCount;

    /// <summary>Returns <paramref name="text"/> in form C; unpaired surrogates become U+FFFD.</summary>
    public static string Normalize(string text)
    {
        // Below U+0300 nothing combines and nothing decomposes for good.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
            return text;

        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes);
        Order(runes);
        var length = Compose(runes);

        var result = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        for (var i = 0; i < length; i++)
            result.Append(units[..new Rune(runes[i]).EncodeToUtf16(units)]);
        return result.ToString();
    }

    private static void Decompose(int rune, List<int> target)
    {
        var syllable = rune - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            target.Add(LeadBase + syllable / (VowelCount * TrailCount));
            target.Add(VowelBase + syllable / TrailCount % VowelCount);
            if (syllable % TrailCount > 0)
                target.Add(TrailBase + syllable % TrailCount);
        }
        else if (NfcTable.Decompositions.TryGetValue(rune, out var parts))
        {
            Decompose(parts.First, target);
            if (parts.Second != 0)
                target.Add(parts.Second);
        }
        else
        {
            target.Add(rune);
        }
    }

    // Sorts each run of marks by combining class; marks of one class stay in their order.
    private static void Order(List<int> runes)
    {
        for (var start = 0; start < runes.Count;)
        {
            var end = start;
            while (end < runes.Count && NfcTable.ClassOf(runes[end]) != 0)
                end++;
            if (end - start > 1)
            {
                int[] sorted = [.. runes[start..end].OrderBy(NfcTable.ClassOf)];
                sorted.CopyTo(CollectionsMarshal.AsSpan(runes)[start..]);
            }

            start = end + 1;
        }
    }

    // Joins marks to the last starter in place; a mark is blocked by one of the same or a higher class between them.
    private static int Compose(List<int> runes)
    {
        var starter = -1;
        var end = 0;
        var lastClass = 0;
        for (var i = 0; i < runes.Count; i++)
        {
            var rune = runes[i];
            var combining = NfcTable.ClassOf(rune);
            var adjacent = starter == end - 1;
            if (starter >= 0 && (adjacent || lastClass < combining) && Pair(runes[starter], rune) is var joined and > 0)
            {
                runes[starter] = joined;
                continue;
            }

            if (combining == 0)
                starter = end;
            lastClass = combining;
            runes[end++] = rune;
        }

        return end;
    }

    private static int Pair(int first, int second)
    {
        var (lead, vowel) = (first - LeadBase, second - VowelBase);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
            return SyllableBase + (lead * VowelCount + vowel) * TrailCount;
        var (syllable, trail) = (first - SyllableBase, second - TrailBase);
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
            return first + trail;
        return NfcTable.Compositions.GetValueOrDefault((first, second));
    }
}
