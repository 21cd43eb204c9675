namespace StarKV.Text;

/// <summary>Tokens <c>[Start, End)</c> that are taken out of a sequence; what is behind them moves up.</summary>
/// <param name="Start">Index of the first token taken out.</param>
/// <param name="End">Index after the last one; <paramref name="Start"/> takes out none.</param>
internal readonly record struct TokenCut(int Start, int End)
{
    /// <summary>A cut of a sequence of <paramref name="length"/> tokens.</summary>
    /// <exception cref="StarKvException">The sequence has no such tokens.</exception>
    public static TokenCut Within(int length, int start, int end) => 0 <= start && start <= end && end <= length
        ? new TokenCut(start, end)
        : throw new StarKvException(
            $"The tokens [{start}, {end}) are not among the {length} of the sequence; give a range from 0 to {length}.");

    /// <summary>The map without the tokens.</summary>
    /// <exception cref="StarKvException">The cut goes through a frame.</exception>
    public TokenMap Of(TokenMap map)
    {
        if (Start == End)
            return map;
        var cut = this;
        Check(map);
        int[] ids = [.. map.Ids[..Start], .. map.Ids[End..]];
        var starts = map.Messages.Where(m => cut.Leaves(m.Start)).Select(m => (cut.Place(m.Start), m.Class)).ToList();
        return new TokenMap(
            ids,
            [.. map.Classes[..Start], .. map.Classes[End..]],
            [.. map.Frames.Where(f => cut.Leaves(f.Start)).Select(cut.Moved)])
        {
            Instruction = map.Instruction is { } span ? Rest(span) : null,
            Instructions = [.. map.Instructions.Select(cut.Rest).OfType<(int, int)>()],
            Messages = MessageSpan.UntilTheNext(starts, ids.Length),
            OpensAnswer = map.OpensAnswer && Leaves(map.Messages[^1].Start),
        };
    }

    private bool Leaves(int token) => token < Start || token >= End;

    // Where a token stands afterwards; one that was taken out, where the next one stands.
    private int Place(int token) => token <= Start ? token : Math.Max(Start, token - (End - Start));

    private (int Start, int End)? Rest((int Start, int End) span)
    {
        var (start, end) = (Place(span.Start), Place(span.End));
        return start < end ? (start, end) : null;
    }

    // Markers may be taken without their image.
    private FrameSpan Moved(FrameSpan frame) => frame with
    {
        Start = Place(frame.Start),
        End = Place(frame.Start) + frame.Length,
        PartStart = Place(frame.PartStart),
        PartEnd = Place(frame.PartEnd),
    };

    private void Check(TokenMap map)
    {
        for (var f = 0; f < map.Frames.Count; f++)
        {
            var (start, end, _, _) = map.Frames[f];
            if ((start < Start && Start < end) || (start < End && End < end))
                throw new StarKvException(
                    $"The tokens [{Start}, {End}) cut frame {f}, which is [{start}, {end}); "
                        + $"take out whole frames or none of their tokens.");
        }
    }
}
