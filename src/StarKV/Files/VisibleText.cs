using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace StarKV.Files;

/// <summary>
/// Text that is not the program's own, fit to be shown. A character that would steer a terminal, reorder what is next to it
/// or not be seen becomes an escape as Python writes it, such as <c>\n</c>, <c>\x1b</c> or <c>\u202e</c>. A backslash stays as it is.
/// </summary>
[Experimental("STARKV001")]
public static class VisibleText
{
    /// <summary>One line: line breaks become escapes too.</summary>
    public static string Line(string text) => Escaped(text, IsSteering, Escape);

    /// <summary>Lines as they are: line feeds stay.</summary>
    public static string Lines(string text) => Escaped(text, IsSteeringALine, Escape);

    /// <summary>
    /// JSON that says what it said, its escapes as JSON writes them. Line feeds, which occur only between its values, stay.
    /// </summary>
    public static string Json(string json) => Escaped(json, IsSteeringALine, JsonEscape);

    /// <summary>
    /// Whether a character is shown as an escape: controls, and formats but for the two joiners, which emoji and some scripts need.
    /// </summary>
    private static bool IsSteering(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        _ => false,
    };

    private static bool IsSteeringALine(Rune rune) => rune.Value != '\n' && IsSteering(rune);

    private static string Escaped(string text, Predicate<Rune> isSteering, Func<ReadOnlySpan<char>, string> escape)
    {
        StringBuilder? shown = null;
        for (var (at, next) = (0, 0); at < text.Length; at = next)
        {
            // Half of a pair is not a character.
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            next = at + (isWhole ? rune.Utf16SequenceLength : 1);
            var units = text.AsSpan(at..next);
            if (isWhole && !isSteering(rune))
                shown?.Append(units);
            else
                (shown ??= new StringBuilder(text, 0, at, text.Length + 16)).Append(escape(units));
        }

        return shown?.ToString() ?? text;
    }

    private static string Escape(ReadOnlySpan<char> units) => units switch
    {
        "\n" => @"\n",
        "\r" => @"\r",
        "\t" => @"\t",
        [< '\x100'] => $@"\x{(int)units[0]:x2}",
        [var unit] => $@"\u{(int)unit:x4}",
        _ => $@"\U{new Rune(units[0], units[1]).Value:x8}",
    };

    private static string JsonEscape(ReadOnlySpan<char> units)
    {
        var escape = new StringBuilder();
        foreach (var unit in units)
            escape.Append(CultureInfo.InvariantCulture, $@"\u{(int)unit:x4}");
        return escape.ToString();
    }
}
