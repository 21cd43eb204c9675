using StarKV.Text;

namespace StarKV.Models.Qwen25Vl;

/// <summary>The families whose models are of this architecture.</summary>
internal static class Qwen25VlFamilies
{
    /// <summary>Qwen2.5-VL and UI-TARS-1.5.</summary>
    public static ModelFamily Qwen25Vl { get; } = new()
    {
        ModelType = "qwen2_5_vl",
        Members = "Qwen2.5-VL, UI-TARS-1.5",
        Rope = RopeKind.MRope,
        Chat = ChatFormat.Qwen,
        Prompt = "uitars.grounding",
        Actions = ActionLanguage.UiTars,
        Coordinates = CoordinateConvention.ModelPixels,
        ImageTokenField = "image_token_id",
        ImageTokens = new ImageTokenIds(Pad: 151655, Video: 151656, Start: 151652, End: 151653),
        Read = Qwen25VlConfig.Read,
    };

    /// <summary>
    /// OpenCUA: the vision tower of Qwen2.5-VL, a Qwen2 decoder with 1-D RoPE, the added tokens and the chat format of the Kimi models.
    /// </summary>
    /// <remarks>Source: the published configuration and weight names. docs/checkpoints.md says what is inferred.</remarks>
    public static ModelFamily OpenCua { get; } = new()
    {
        ModelType = "opencua",
        Members = "OpenCUA",
        Rope = RopeKind.OneDimensional,
        Chat = ChatFormat.OpenCua,
        Prompt = "opencua.grounding",
        Actions = ActionLanguage.OpenCua,
        Coordinates = CoordinateConvention.ModelPixels,
        ImageTokenField = "media_placeholder_token_id",
        ImageTokens = new ImageTokenIds(Pad: 151664, Video: 151664, Start: 151661, End: 151663),
        Read = Qwen25VlConfig.Read,
    };
}
