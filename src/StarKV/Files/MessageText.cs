using System.Diagnostics.CodeAnalysis;

namespace StarKV.Files;

/// <summary>Makes text from a file fit for an error message.</summary>
[Experimental("STARKV001")]
public static class MessageText
{
    private const int MaxLength = 100;

    /// <summary>Quotes a name; see <see cref="Text"/>.</summary>
    public static string Name(string name) => $"'{Text(name)}'";

    /// <summary>Returns one line of <see cref="VisibleText"/>; long text is cut, as a file may hold anything.</summary>
    public static string Text(string text) => VisibleText.Line(text.Length > MaxLength ? $"{text[..WholeCharacters(text)]}…" : text);

    /// <summary>The length of the text's beginning, without half of a character.</summary>
    private static int WholeCharacters(string text) => char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
}
