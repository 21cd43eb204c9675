using StarKV.Files;
using StarKV.Text;

namespace StarKV.Sessions;

/// <summary>A session's tokens in its file: which screenshot, message and instruction each belongs to.</summary>
internal static class SavedTokens
{
    private const int MaxSide = 1 << 16;

    /// <summary>The tokens, and what is said of them.</summary>
    /// <param name="fields">What is said.</param>
    /// <param name="ids">Their ids.</param>
    /// <param name="classes">Their classes, as many.</param>
    /// <param name="vocabulary">Ids that the model has.</param>
    /// <exception cref="StarKvException">They contradict themselves or the model.</exception>
    public static TokenMap Read(JsonFields fields, int[] ids, byte[] classes, int vocabulary)
    {
        var length = ids.Length;
        if (length == 0)
            throw new StarKvException("there are rows of no tokens.");
        if (Array.FindIndex(ids, id => id < 0 || id >= vocabulary) is >= 0 and var wrong)
            throw new StarKvException($"token {wrong} has the id {ids[wrong]}; the vocabulary has {vocabulary}.");
        if (Array.FindIndex(classes, c => c > (byte)TokenClass.Assistant) is >= 0 and var strange)
            throw new StarKvException(
                $"token {strange} has the class {classes[strange]}; there are classes 0 to {(int)TokenClass.Assistant}.");
        var frames = fields.List("frames").Select(f => Frame(f, length)).ToList();
        var messages = fields.List("messages").Select(m => Message(m, length)).ToList();
        for (var i = 1; i < messages.Count; i++)
        {
            if (messages[i].Start <= messages[i - 1].Start)
                throw new StarKvException($"message {i} begins at token {messages[i].Start}, not after the one before.");
        }

        if (frames.Exists(f => messages.Count == 0 || f.Start < messages[0].Start))
            throw new StarKvException("a screenshot is in none of the messages.");
        var opens = fields.RequiredFlag("opensAnswer");
        if (opens && messages.Count == 0)
            throw new StarKvException("an answer is opened, and there are no messages.");
        return new TokenMap(ids, Array.ConvertAll(classes, c => (TokenClass)c), frames)
        {
            Instruction = fields.Object("instruction") is { } span ? SpanOf(span, length) : null,
            Instructions = [.. fields.List("instructions").Select(s => SpanOf(s, length))],
            Messages = MessageSpan.UntilTheNext(messages, length),
            OpensAnswer = opens,
        };
    }

    private static FrameSpan Frame(JsonFields fields, int length)
    {
        fields.HasExactly("hash", "start", "rows", "columns", "partStart", "partEnd");
        var (rows, columns) = (fields.RequiredWhole("rows", 1, MaxSide), fields.RequiredWhole("columns", 1, MaxSide));
        var start = (int)fields.RequiredWhole("start", 0, length);
        var end = start + rows * columns;
        if (end > length)
            throw new StarKvException($"a screenshot of {rows}×{columns} tokens begins at token {start} of {length}.");
        return new FrameSpan(start, (int)end, (int)rows, (int)columns)
        {
            PartStart = (int)fields.RequiredWhole("partStart", 0, start),
            PartEnd = (int)fields.RequiredWhole("partEnd", end, length),
        };
    }

    private static (int Start, TokenClass Class) Message(JsonFields fields, int length)
    {
        fields.HasExactly("start", "class");
        return ((int)fields.RequiredWhole("start", 0, length - 1), (TokenClass)fields.RequiredWhole("class", 0, (int)TokenClass.Assistant));
    }

    private static (int Start, int End) SpanOf(JsonFields fields, int length)
    {
        fields.HasExactly("start", "end");
        var start = (int)fields.RequiredWhole("start", 0, length - 1);
        return (start, (int)fields.RequiredWhole("end", start + 1, length));
    }
}
