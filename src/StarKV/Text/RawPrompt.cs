namespace StarKV.Text;

/// <summary>Tokenises a prompt that is written out with its markers, one <see cref="Markers.ImagePad"/> for each image.</summary>
/// <remarks>Only for prompts whose every part is trusted: markers are recognised wherever they stand.</remarks>
public static class RawPrompt
{
    /// <summary>Makes the token map of a written-out prompt.</summary>
    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="prompt">The prompt, such as <see cref="ChatTemplate.Render"/> gives it.</param>
    /// <param name="grids">Merged grid of each image, in the order of the pads.</param>
    /// <exception cref="StarKvException">The pads and the grids differ in number.</exception>
    public static TokenMap Encode(QwenTokenizer tokenizer, string prompt, IReadOnlyList<MergedGrid> grids)
    {
        var pieces = tokenizer.Split(prompt).ToList();
        var pads = pieces.Count(piece => piece.Added?.Content == Markers.ImagePad);
        if (pads != grids.Count)
            throw new StarKvException($"The prompt has {pads} {Markers.ImagePad} but {grids.Count} image(s) were given; write one for each image.");

        var writer = new PromptWriter(tokenizer);
        for (var i = 0; i < pieces.Count; i++)
        {
            var (text, added) = pieces[i];
            if (added is null)
            {
                writer.Text(text);
            }
            else if (added.Content == Markers.ImagePad)
            {
                writer.Image(grids[writer.Images]);
            }
            else
            {
                if (added.Content == Markers.TurnStart)
                    writer.Begin(ClassOfRole(i + 1 < pieces.Count ? pieces[i + 1].Text : ""));
                writer.Marker(added.Id);
            }
        }

        return writer.Finish();
    }

    private static TokenClass ClassOfRole(string turn) => turn.Split('\n', 2)[0] switch
    {
        "system" => TokenClass.System,
        "assistant" => TokenClass.Assistant,
        _ => TokenClass.User,
    };
}
