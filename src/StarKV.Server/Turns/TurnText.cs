using StarKV.Text;

namespace StarKV.Server.Turns;

/// <summary>What turns say and show, as far as they are compared.</summary>
internal static class TurnText
{
    private const string Reflection = "Reflection:";
    private const int CharactersPerToken = 4, CellSide = 28;

    private static readonly string[] s_afterReflection = ["Action_Summary:", "Action:"];

    /// <summary>Screenshots of a turn.</summary>
    public static int Screens(ConversationMessage turn) => turn.Parts.Count(p => p.Screen is not null);

    /// <summary>
    /// Whether two turns are one: of the user and the system character by character and pixel by pixel; of the model after trimming, also
    /// where the client took its reflection out.
    /// </summary>
    /// <param name="stored">The session's turn.</param>
    /// <param name="sent">The request's turn.</param>
    public static bool AreSame(ConversationMessage stored, ConversationMessage sent)
    {
        if (stored.Role != sent.Role)
            return false;
        if (stored.Role != ChatRole.Assistant)
            return AreSame(stored.Parts, sent.Parts);
        var (wrote, came) = (Text(stored).Trim(), Text(sent).Trim());
        return wrote == came || (wrote.Contains(Reflection, StringComparison.Ordinal) && WithoutReflection(wrote) == came);
    }

    /// <summary>Whether all turns of two conversations are one.</summary>
    /// <param name="stored">The session's turns.</param>
    /// <param name="sent">The request's turns.</param>
    public static bool AreSame(IReadOnlyList<ConversationMessage> stored, IReadOnlyList<ConversationMessage> sent) =>
        stored.Count == sent.Count && stored.Zip(sent).All(t => AreSame(t.First, t.Second));

    /// <summary>Whether a turn is another one whose screenshots were taken out and whose words were not.</summary>
    /// <param name="stored">The turn with screenshots.</param>
    /// <param name="sent">The turn without.</param>
    public static bool IsWithoutScreens(ConversationMessage stored, ConversationMessage sent) =>
        stored.Role == sent.Role && sent.Parts.Count > 0 && Screens(stored) > 0
        && AreSame([.. stored.Parts.Where(p => p.Screen is null)], sent.Parts);

    /// <summary>About how many tokens turns are: a screenshot's cells, and a quarter of the characters.</summary>
    public static long Tokens(IEnumerable<ConversationMessage> turns) => turns.SelectMany(t => t.Parts).Sum(Tokens);

    /// <summary>An answer as UI-TARS's program sends it back: without what is between its reflection's beginning and its action.</summary>
    public static string WithoutReflection(string text)
    {
        while (text.IndexOf(Reflection, StringComparison.Ordinal) is >= 0 and var start)
        {
            var ends = s_afterReflection.Select(w => text.IndexOf(w, start, StringComparison.Ordinal)).Where(at => at >= 0);
            text = text.Remove(start, ends.DefaultIfEmpty(text.Length).Min() - start);
        }

        return text.Trim();
    }

    private static string Text(ConversationMessage turn) =>
        turn.Parts.Count == 1 ? turn.Parts[0].Text ?? "" : string.Concat(turn.Parts);

    private static bool AreSame(IReadOnlyList<ConversationPart> a, IReadOnlyList<ConversationPart> b) =>
        a.Count == b.Count && a.Zip(b).All(p => p.First.Screen is { } screen
            ? ReferenceEquals(screen, p.Second.Screen) || screen.ContentHash == p.Second.Screen?.ContentHash
            : p.First.Text == p.Second.Text);

    private static long Tokens(ConversationPart part) => part.Screen is { } screen
        ? (long)(screen.Width + CellSide - 1) / CellSide * ((screen.Height + CellSide - 1) / CellSide)
        : part.Text!.Length / CharactersPerToken;
}
