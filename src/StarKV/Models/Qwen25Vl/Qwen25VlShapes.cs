namespace StarKV.Models.Qwen25Vl;

/// <summary>The published sizes.</summary>
internal static class Qwen25VlShapes
{
    /// <summary>Qwen2.5-VL-7B and UI-TARS-1.5-7B.</summary>
    public static ModelShape Size7B { get; } = new("7b", "Qwen2.5-VL-7B, UI-TARS-1.5-7B", new Qwen25VlConfig(
        new TextConfig
        {
            HiddenSize = 3584,
            IntermediateSize = 18944,
            Layers = 28,
            Heads = 28,
            KvHeads = 4,
            VocabSize = 152064,
            MaxPositions = 128000,
        },
        new VisionConfig { OutHiddenSize = 3584 },
        Qwen25VlFamilies.Qwen25Vl));

    /// <summary>Qwen2.5-VL-3B.</summary>
    public static ModelShape Size3B { get; } = new("3b", "Qwen2.5-VL-3B", new Qwen25VlConfig(
        new TextConfig
        {
            HiddenSize = 2048,
            IntermediateSize = 11008,
            Layers = 36,
            Heads = 16,
            KvHeads = 2,
            VocabSize = 151936,
            TieWordEmbeddings = true,
            MaxPositions = 128000,
        },
        new VisionConfig { OutHiddenSize = 2048 },
        Qwen25VlFamilies.Qwen25Vl));
}
