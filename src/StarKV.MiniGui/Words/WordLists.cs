namespace StarKV.MiniGui.Words;

/// <summary>
/// The words of this world. Labels are of <see cref="Ui"/>, typed values of <see cref="Code"/>; icons have their own names.
/// </summary>
public static class WordLists
{
    /// <value>Capitalised words of user interfaces, alphabetical, about 290.</value>
    public static IReadOnlyList<string> Ui { get; } = Read("ui");

    /// <value>Lower-case words that are typed and remembered, alphabetical, about 80. No digits: a value is one word.</value>
    public static IReadOnlyList<string> Code { get; } = Read("code");

    private static string[] Read(string name)
    {
        using var stream = typeof(WordLists).Assembly.GetManifestResourceStream($"StarKV.MiniGui.Words.{name}.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
