using System.Text;
using StarKV.Server.Errors;

namespace StarKV.Server.Reading;

/// <summary>How much text one request may have: a tokenizer's time grows with the square of a word's length.</summary>
/// <remarks>One for each request; not thread-safe.</remarks>
/// <param name="limits">The server's limits.</param>
internal sealed class TextLimits(RequestLimits limits)
{
    /// <summary>Most letters in a row: 16,384 take some 20 ms.</summary>
    private const int LongestWord = 16384;

    private long _characters;

    /// <summary>Counts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">Where it stands.</param>
    /// <exception cref="ApiException">It is too much.</exception>
    public void Add(string text, string where)
    {
        _characters += text.Length;
        if (_characters > limits.Characters)
        {
            throw ApiException.Invalid(
                "context_length_exceeded",
                $"The request's texts have more than {limits.Characters} characters (Characters); shorten them.", where);
        }

        if (text.Length > LongestWord && HasLongWord(text))
        {
            throw ApiException.Invalid(
                "context_length_exceeded",
                $"{where} holds a word of more than {LongestWord} letters, which no prompt needs; shorten it.", where);
        }
    }

    private static bool HasLongWord(string text)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            length = Rune.IsWhiteSpace(rune) || Rune.IsDigit(rune) ? 0 : length + 1;
            if (length > LongestWord)
                return true;
        }

        return false;
    }
}
