using StarKV.Account;
using StarKV.Act;
using StarKV.Decode;

namespace StarKV.Fuzz.Seeds;

/// <summary>Answers as a run judges them, without a model.</summary>
internal static class JudgedAnswers
{
    /// <summary>An answer with this text about a screen of this size in pixels.</summary>
    public static GroundingAnswer Of(string text, int width = 336, int height = 336)
    {
        var coordinates = CoordinateMapper.ForModelPixels(width, height);
        return new GroundingAnswer
        {
            Text = text,
            Parsed = UiTarsActionParser.Parse(text, coordinates),
            Coordinates = coordinates,
            Tokens = [],
            Finish = FinishReason.Stop,
            Kv = new KvReport(1, [1], 1, 1, 1),
            Grids = [],
            Times = new StageTimes(),
        };
    }
}
