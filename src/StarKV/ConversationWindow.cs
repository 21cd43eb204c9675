using StarKV.Text;

namespace StarKV;

/// <summary>What leaves a conversation of the caller's: screenshots, and the messages that showed nothing else.</summary>
internal static class ConversationWindow
{
    /// <summary>The tokens of what leaves, the last ones first.</summary>
    /// <param name="tokens">The tokens that are held.</param>
    /// <param name="messages">The messages that they are of.</param>
    /// <param name="step">Says what leaves.</param>
    public static IReadOnlyList<(int Start, int End)> Dropped(
        TokenMap tokens, IReadOnlyList<ConversationMessage> messages, ConversationStep step)
    {
        var ranges = new List<(int Start, int End)>();
        // A conversation without a system message is written with the family's own.
        var first = messages.Count > 0 && messages[0].Role == ChatRole.System ? 0 : 1;
        var frame = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            var parts = messages[i].Parts;
            var shown = Enumerable.Range(frame, parts.Count(p => p.Screen is not null)).ToList();
            if (step.MessagesLeft.Contains(i) || (shown.Count > 0 && shown.Count == parts.Count && shown.All(step.FramesLeft.Contains)))
                ranges.Add((tokens.Messages[first + i].Start, tokens.Messages[first + i].End));
            else
                ranges.AddRange(shown.Where(step.FramesLeft.Contains).Select(f => (tokens.Frames[f].PartStart, tokens.Frames[f].PartEnd)));
            frame += shown.Count;
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>The screenshots that leave, those of messages that leave whole among them, by index, ascending.</summary>
    /// <param name="messages">The last step's messages.</param>
    /// <param name="step">Says what leaves.</param>
    /// <exception cref="StarKvException">Something that is not there is named, or not in ascending order.</exception>
    public static IReadOnlyList<int> FramesLeft(IReadOnlyList<ConversationMessage> messages, ConversationStep step)
    {
        var shownBy = messages.SelectMany((m, i) => m.Parts.Where(p => p.Screen is not null).Select(_ => i)).ToList();
        Check(step.FramesLeft, "Screenshot", shownBy.Count);
        Check(step.MessagesLeft, "Message", messages.Count);
        return [.. Enumerable.Range(0, shownBy.Count).Where(f => step.FramesLeft.Contains(f) || step.MessagesLeft.Contains(shownBy[f]))];
    }

    private static void Check(IReadOnlyList<int> left, string what, int count)
    {
        for (var i = 0; i < left.Count; i++)
        {
            if (left[i] < 0 || left[i] >= count || (i > 0 && left[i] <= left[i - 1]))
            {
                throw new StarKvException(
                    $"{what} {left[i]} is named as one that left; the last step had {count}, numbered from 0, and they are named in "
                        + $"ascending order.");
            }
        }
    }
}
