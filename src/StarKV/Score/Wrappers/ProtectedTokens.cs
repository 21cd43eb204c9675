using StarKV.Text;

namespace StarKV.Score.Wrappers;

/// <summary>A rectangle of a screenshot, in shares of its width and height, 0–1.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Right">Right edge, greater than <paramref name="Left"/>.</param>
/// <param name="Bottom">Lower edge, greater than <paramref name="Top"/>.</param>
public readonly record struct ScreenRegion(double Left, double Top, double Right, double Bottom)
{
    /// <value>Screenshots ago; 0 (default) is the newest.</value>
    public int FramesAgo { get; init; }

    /// <summary>The cells of a grid that the rectangle touches, row by row.</summary>
    /// <exception cref="StarKvException">The rectangle is empty or outside the screen.</exception>
    public IEnumerable<int> Cells(int rows, int columns)
    {
        if (!(Left >= 0 && Top >= 0 && Right <= 1 && Bottom <= 1 && Left < Right && Top < Bottom))
            throw new StarKvException($"The box {this} must lie inside the screen, 0 to 1 in both directions, and not be empty.");
        var top = (int)(Top * rows);
        var bottom = (int)Math.Ceiling(Bottom * rows);
        var left = (int)(Left * columns);
        var right = (int)Math.Ceiling(Right * columns);
        return from row in Enumerable.Range(top, bottom - top)
               from column in Enumerable.Range(left, right - left)
               select row * columns + column;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Left:0.###},{Top:0.###},{Right:0.###},{Bottom:0.###}");
}

/// <summary>Which prompt tokens no method may drop.</summary>
public sealed record ProtectedTokens
{
    /// <value>The system message; default false.</value>
    public bool System { get; init; }

    /// <value>
    /// The instruction and what else the user said, in the user's own words, without the text of the prompt around them; default false.
    /// </value>
    public bool Instruction { get; init; }

    /// <value>The model's earlier answers with their markers, without the opening of the answer to come; default false.</value>
    public bool Answers { get; init; }

    /// <value>Everything but the screenshots: their markers, too, are text; default false.</value>
    public bool Text { get; init; }

    /// <value>Parts of screenshots; default none.</value>
    public IReadOnlyList<ScreenRegion> Boxes { get; init; } = [];

    /// <summary>True when nothing is protected.</summary>
    internal bool IsEmpty => !(System || Instruction || Answers || Text) && Boxes.Count == 0;

    /// <summary>The tokens in a prompt, ascending.</summary>
    /// <exception cref="StarKvException">The prompt has no such screenshot, or does not know where its instruction stands.</exception>
    public IReadOnlyList<int> In(TokenMap prompt)
    {
        var tokens = new SortedSet<int>();
        if (System)
            tokens.UnionWith(Enumerable.Range(0, prompt.Length).Where(t => prompt.Classes[t] == TokenClass.System));
        if (Answers)
        {
            var answered = prompt.OpensAnswer ? prompt.Messages[^1].Start : prompt.Length;
            tokens.UnionWith(Enumerable.Range(0, answered).Where(t => prompt.Classes[t] == TokenClass.Assistant));
        }

        if (Text)
            tokens.UnionWith(Enumerable.Range(0, prompt.Length).Where(t => prompt.Classes[t] != TokenClass.Vision));
        if (Instruction)
            tokens.UnionWith(prompt.Instructions.Count > 0
                ? prompt.Instructions.SelectMany(span => Enumerable.Range(span.Start, span.End - span.Start))
                : throw new StarKvException(
                    "The instruction cannot be protected: this prompt was given as "
                        + "ready text, which does not tell where the instruction stands."));
        foreach (var box in Boxes)
        {
            if (box.FramesAgo < 0 || box.FramesAgo >= prompt.Frames.Count)
                throw new StarKvException(
                    $"The box {box} is on the screenshot {box.FramesAgo} steps ago, but the prompt has {prompt.Frames.Count}.");
            var frame = prompt.Frames[^(box.FramesAgo + 1)];
            tokens.UnionWith(box.Cells(frame.Rows, frame.Columns).Select(cell => frame.Start + cell));
        }

        return [.. tokens];
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"system {System}, instruction {Instruction}, answers {Answers}, text {Text}, boxes {ListText.Of(Boxes)}";
}
