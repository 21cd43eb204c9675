using StarKV.Evaluation.Released;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.Reading;

/// <summary>Reads a UI-TARS answer as the released programs do.</summary>
internal static class ReleasedParser
{
    /// <summary>The first action; null when the program raises or finds none.</summary>
    public static CompatibilityRecord? First(Profile profile, GroundingAnswer answer) =>
        First(profile, answer.Text, (int)answer.Coordinates.ModelWidth, (int)answer.Coordinates.ModelHeight);

    /// <summary>The first action, its points in shares of a resized screenshot of this size in pixels.</summary>
    public static CompatibilityRecord? First(Profile profile, string answer, int width, int height)
    {
        // A resized size is its own resized size.
        var options = new PyParserOptions { Screen = (width, height), Limits = new SmartResize(MinPixels: 1, MaxPixels: long.MaxValue) };
        ICompatibilityParser parser = profile switch
        {
            Profile.StarKv => new StarKvActionParser(options),
            Profile.GuiKv => PyActionParser.GuiKv(options),
            _ => PyActionParser.Official(options),
        };
        return parser.Parse(answer) is { Error: null, Records: [var first, ..] } ? first : null;
    }
}
