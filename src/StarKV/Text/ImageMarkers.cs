namespace StarKV.Text;

/// <summary>The markers around an image: those of the format, from the first added token before it to the last one behind it.</summary>
/// <param name="Start">The text before the image.</param>
/// <param name="End">The text behind it.</param>
/// <param name="Before">Tokens of <paramref name="Start"/>.</param>
/// <param name="After">Tokens of <paramref name="End"/>.</param>
internal readonly record struct ImageMarkers(string Start, string End, int Before, int After)
{
    /// <summary>The markers of a format. Text outside its added tokens joins with the words beside it and is no marker.</summary>
    public static ImageMarkers Of(QwenTokenizer tokenizer, ChatFormat format)
    {
        var start = tokenizer.Split(format.ImageStart).SkipWhile(piece => piece.Added is null).ToList();
        var end = tokenizer.Split(format.ImageEnd).ToList();
        end = [.. end.Take(end.FindLastIndex(piece => piece.Added is not null) + 1)];
        return new ImageMarkers(Text(start), Text(end), start.Sum(Tokens), end.Sum(Tokens));

        int Tokens((string Text, AddedToken? Added) piece) => piece.Added is null ? tokenizer.Encode(piece.Text).Length : 1;
    }

    private static string Text(IEnumerable<(string Text, AddedToken? Added)> pieces) => string.Concat(pieces.Select(piece => piece.Text));
}
