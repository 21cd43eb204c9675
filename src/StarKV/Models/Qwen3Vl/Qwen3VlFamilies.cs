using StarKV.Input;
using StarKV.Text;

namespace StarKV.Models.Qwen3Vl;

/// <summary>The families whose models are of this architecture, and relatives that are not.</summary>
internal static class Qwen3VlFamilies
{
    private const string WayOut = "Use a dense Qwen3-VL model: 2B, 4B, 8B or 32B.";

    /// <summary>Qwen3-VL and the agents made of it.</summary>
    public static ModelFamily Qwen3Vl { get; } = new()
    {
        ModelType = "qwen3_vl",
        Members = "Qwen3-VL, GUI-Owl-1.5, UI-Venus-1.5",
        Rope = RopeKind.MRope,
        Chat = ChatFormat.Qwen3,
        Prompt = "qwen3vl.computer",
        Actions = ActionLanguage.ToolCall,
        Coordinates = CoordinateConvention.Thousandths,
        ImageTokenField = "image_token_id",
        ImageTokens = new ImageTokenIds(Pad: 151655, Video: 151656, Start: 151652, End: 151653),
        Pixels = new PreprocessorConfig
        {
            MinPixels = 65_536,
            MaxPixels = 16_777_216,
            PatchSize = 16,
            ImageMean = [0.5, 0.5, 0.5],
            ImageStd = [0.5, 0.5, 0.5],
            LiftThinSides = false,
        },
        Read = Qwen3VlConfig.Read,
    };

    /// <summary>Names of relatives in <c>config.json</c>, and why they are refused.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["qwen3_vl_moe"] = $"mixtures of experts (Qwen3-VL-30B-A3B, UI-Venus-1.5-30B-A3B) are not supported. {WayOut}",
        ["qwen3_5"] = $"Qwen3.5 has another decoder, with linear attention in most layers, and is not supported. {WayOut}",
        ["qwen3_5_moe"] = $"Qwen3.5 has another decoder, with linear attention in most layers, and is not supported. {WayOut}",
    };
}
