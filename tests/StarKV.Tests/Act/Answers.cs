using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Parses answers about a screen of 1920×1080, which the model sees as 1932×1092.</summary>
internal static class Answers
{
    public static readonly CoordinateMapper Screen = CoordinateMapper.ForModelPixels(1920, 1080);

    public static ParsedAnswer Parse(string answer) => UiTarsActionParser.Parse(answer, Screen);

    /// <summary>The only action of an answer that needs no diagnostics.</summary>
    public static GuiAction Single(string answer)
    {
        var parsed = Parse(answer);
        Assert.Empty(parsed.Diagnostics);
        return Assert.Single(parsed.Actions);
    }
}
