using StarKV.Text;

namespace StarKV;

/// <summary>What leaves a session's conversation: screenshots and old answers that its windows have no room for.</summary>
internal static class SessionWindow
{
    /// <summary>The screenshots that leave: those that were taken out, and the oldest that the window has no room for.</summary>
    /// <param name="turns">All turns, the new one included.</param>
    /// <param name="taken">Screenshots that were taken out.</param>
    /// <param name="most">Screenshots that may stay; null for all.</param>
    public static HashSet<SessionFrame> Leaving(IReadOnlyList<SessionTurn> turns, IEnumerable<SessionFrame> taken, int? most)
    {
        var leaving = new HashSet<SessionFrame>(taken);
        var staying = turns.SelectMany(t => t.Frames).Where(f => !leaving.Contains(f)).ToList();
        leaving.UnionWith(staying.Take(Math.Max(0, staying.Count - (most ?? staying.Count))));
        return leaving;
    }

    /// <summary>The turns, of which those leave whose answers are beyond the newest ones, unless they show or say something.</summary>
    /// <param name="turns">All turns, without the screenshots that leave.</param>
    /// <param name="most">Earlier answers that may stay; null for all.</param>
    public static List<SessionTurn> WithoutOldAnswers(List<SessionTurn> turns, int? most)
    {
        var beyond = turns.Count(t => !t.Left && t.Answer is not null) - (most ?? turns.Count);
        return beyond <= 0 ? turns : turns.ConvertAll(
            t => t.Left || t.Answer is null || beyond-- <= 0 || t.Asks ? t : new SessionTurn([], null, "") { Left = true });
    }

    /// <summary>
    /// The tokens of what leaves, the last ones first: of a turn that leaves all, of a message that showed nothing else too, else the
    /// screenshot with its markers.
    /// </summary>
    /// <param name="tokens">The tokens that are held.</param>
    /// <param name="turns">The turns that they are of.</param>
    /// <param name="leaving">Screenshots that leave.</param>
    /// <param name="next">The turns of the next step.</param>
    /// <param name="instructionFirst">Whether the instruction is a message before all turns.</param>
    public static IReadOnlyList<(int Start, int End)> Dropped(
        TokenMap tokens, IReadOnlyList<SessionTurn> turns, IReadOnlySet<SessionFrame> leaving, IReadOnlyList<SessionTurn> next,
        bool instructionFirst)
    {
        var ranges = new List<(int Start, int End)>();
        var message = tokens.Messages.TakeWhile(m => m.Class == TokenClass.System).Count() + (instructionFirst ? 1 : 0);
        var frame = 0;
        for (var i = 0; i < turns.Count && message < tokens.Messages.Count; i++)
        {
            var turn = turns[i];
            if (turn.Left)
                continue;
            var (asked, last) = (tokens.Messages[message], message + (turn.Asks ? 1 : 0));
            var gone = turn.Frames.All(leaving.Contains);
            if (next[i].Left && last < tokens.Messages.Count)
                ranges.Add((asked.Start, tokens.Messages[last].End));
            else if (gone && turn.Frames.Count > 0 && !turn.Speaks)
                ranges.Add((asked.Start, asked.End));
            else
                ranges.AddRange(tokens.Frames.Skip(frame).Zip(turn.Frames).Where(f => leaving.Contains(f.Second))
                    .Select(f => (f.First.PartStart, f.First.PartEnd)));
            (message, frame) = (last + 1, frame + turn.Frames.Count);
        }

        ranges.Reverse();
        return ranges;
    }
}
