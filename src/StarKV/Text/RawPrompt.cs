namespace StarKV.Text;

/// <summary>Tokenises a prompt that is written out with its markers, one <see cref="ChatFormat.ImagePad"/> for each image.</summary>
/// <remarks>Only for prompts whose every part is trusted: markers are recognised wherever they stand.</remarks>
public static class RawPrompt
{
    /// <summary>Makes the token map of a written-out prompt.</summary>
    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="prompt">The prompt, such as <see cref="ChatTemplate.Render"/> gives it.</param>
    /// <param name="grids">Merged grid of each image, in the order of the pads.</param>
    /// <param name="format">How the model's family writes conversations; default <see cref="ChatFormat.Qwen"/>.</param>
    /// <exception cref="StarKvException">The pads and the grids differ in number.</exception>
    public static TokenMap Encode(QwenTokenizer tokenizer, string prompt, IReadOnlyList<MergedGrid> grids, ChatFormat? format = null)
    {
        format ??= ChatFormat.Qwen;
        var pieces = tokenizer.Split(prompt).ToList();
        var pads = pieces.Count(piece => piece.Added?.Content == format.ImagePad);
        if (pads != grids.Count)
            throw new StarKvException(
                $"The prompt has {pads} {format.ImagePad} but {grids.Count} image(s) were given; write one for each image.");

        var writer = new PromptWriter(tokenizer, format.ImagePad);
        var markers = ImageMarkers.Of(tokenizer, format);
        var (at, open) = (0, false);
        foreach (var (text, added) in pieces)
        {
            if (added is null)
            {
                writer.Text(text);
            }
            else if (added.Content == format.ImagePad)
            {
                writer.Image(
                    grids[writer.Images],
                    prompt.AsSpan(0, at).EndsWith(markers.Start) ? markers.Before : 0,
                    prompt.AsSpan(at + text.Length).StartsWith(markers.End) ? markers.After : 0);
            }
            else
            {
                if (format.BeginsTurn(added.Content))
                {
                    var role = format.RoleAt(prompt.AsSpan(at));
                    writer.Begin(ChatTemplate.ClassOf(role));
                    open = role == ChatRole.Assistant;
                }

                open &= added.Content != Markers.TurnEnd;
                writer.Marker(added.Id);
            }

            at += text.Length;
        }

        return writer.Finish(open);
    }
}
