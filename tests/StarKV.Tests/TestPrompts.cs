using StarKV.Text;

namespace StarKV.Tests;

/// <summary>Prompts of text and screenshots by length alone; their ids do not matter.</summary>
internal static class TestPrompts
{
    /// <summary>Text, then for every grid its frame and as much text again.</summary>
    public static TokenMap Of(int text, params (int Rows, int Columns)[] frames)
    {
        var (classes, spans) = (new List<TokenClass>(), new List<FrameSpan>());
        AddText();
        foreach (var (rows, columns) in frames)
        {
            spans.Add(new FrameSpan(classes.Count, classes.Count + rows * columns, rows, columns));
            classes.AddRange(Enumerable.Repeat(TokenClass.Vision, rows * columns));
            AddText();
        }

        return new TokenMap(new int[classes.Count], classes.ToArray(), spans);

        void AddText() => classes.AddRange(Enumerable.Range(0, text).Select(i => i == 0 ? TokenClass.System : TokenClass.User));
    }
}
