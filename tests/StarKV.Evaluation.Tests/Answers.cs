using StarKV.Account;
using StarKV.Act;
using StarKV.Decode;
using StarKV.Input;

namespace StarKV.Evaluation.Tests;

/// <summary>Answers without a model.</summary>
internal static class Answers
{
    /// <summary>An answer with this text about a screen of this size in pixels.</summary>
    public static GroundingAnswer Of(string text, int width = 336, int height = 336)
    {
        var coordinates = CoordinateMapper.ForModelPixels(width, height, new SmartResize(3136, 12845056));
        return new GroundingAnswer
        {
            Text = text,
            Parsed = UiTarsActionParser.Parse(text, coordinates),
            Coordinates = coordinates,
            Tokens = [],
            Finish = FinishReason.Stop,
            Kv = new KvReport(1, [1], 1, 1, 1),
            Grids = [],
            Kept = new KeptCells([]),
            Times = new StageTimes(),
        };
    }
}
