namespace StarKV.Text;

/// <summary>Where one message is in the prompt: tokens <c>[Start, End)</c>, with the markers that open and close it.</summary>
/// <param name="Start">Index of the first token.</param>
/// <param name="End">Index after the last token; what the format puts behind the end of a turn counts.</param>
/// <param name="Class">The class of its text: whose message it is.</param>
public readonly record struct MessageSpan(int Start, int End, TokenClass Class)
{
    /// <value>Tokens of the message.</value>
    public int Length => End - Start;

    /// <summary>Messages that go on until the next one begins, the last until the end of the prompt.</summary>
    internal static IReadOnlyList<MessageSpan> UntilTheNext(IReadOnlyList<(int Start, TokenClass Class)> messages, int length) =>
        [.. messages.Select((m, i) => new MessageSpan(m.Start, i + 1 < messages.Count ? messages[i + 1].Start : length, m.Class))];
}
