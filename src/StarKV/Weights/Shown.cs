namespace StarKV.Weights;

/// <summary>Makes text from a file fit for an error message.</summary>
internal static class Shown
{
    private const int MaxLength = 100;

    /// <summary>Quotes a name; see <see cref="Text"/>.</summary>
    public static string Name(string name) => $"'{Text(name)}'";

    /// <summary>Returns one line: control characters and surrogates become '?' and long text is cut, as a file may hold anything.</summary>
    public static string Text(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
