namespace StarKV.Models.Qwen3Vl;

/// <summary>The published sizes.</summary>
internal static class Qwen3VlShapes
{
    /// <summary>The dense models, the smallest first.</summary>
    public static IReadOnlyList<ModelShape> All { get; } =
    [
        Shape("2b", "Qwen3-VL-2B, GUI-Owl-1.5-2B, UI-Venus-1.5-2B", hidden: 2048, mlp: 6144, layers: 28, heads: 16, tied: true, SmallTower),
        Shape("4b", "Qwen3-VL-4B, GUI-Owl-1.5-4B", hidden: 2560, mlp: 9728, layers: 36, heads: 32, tied: true, SmallTower),
        Shape("8b", "Qwen3-VL-8B, GUI-Owl-1.5-8B, UI-Venus-1.5-8B", hidden: 4096, mlp: 12288, layers: 36, heads: 32, tied: false, new()),
        Shape("32b", "Qwen3-VL-32B, GUI-Owl-1.5-32B", hidden: 5120, mlp: 25600, layers: 64, heads: 64, tied: false, new()),
    ];

    private static Qwen3VlVisionConfig SmallTower => new()
    {
        Depth = 24,
        HiddenSize = 1024,
        IntermediateSize = 4096,
        DeepstackBlocks = [5, 11, 17],
    };

    private static ModelShape Shape(
        string size, string models, int hidden, int mlp, int layers, int heads, bool tied, Qwen3VlVisionConfig vision) =>
        new($"qwen3-vl-{size}", models, new Qwen3VlConfig(
            new TextConfig
            {
                HiddenSize = hidden,
                IntermediateSize = mlp,
                Layers = layers,
                Heads = heads,
                KvHeads = 8,
                HeadDim = 128,
                VocabSize = 151936,
                TieWordEmbeddings = tied,
                MaxPositions = 262144,
                RopeTheta = 5e6,
                MropeSection = [24, 20, 20],
                InterleavedAxes = true,
                QkvBias = false,
                HeadNorms = true,
            },
            vision with { OutHiddenSize = hidden },
            Qwen3VlFamilies.Qwen3Vl));
}
