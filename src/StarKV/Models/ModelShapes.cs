using StarKV.Models.Qwen25Vl;

namespace StarKV.Models;

/// <summary>The published sizes, for timing a model whose checkpoint is not at hand and for arithmetic on its cache.</summary>
public static class ModelShapes
{
    /// <summary>Qwen2.5-VL-7B and UI-TARS-1.5-7B.</summary>
    public static Qwen25VlConfig Qwen25Vl7B { get; } = new(
        new TextConfig { HiddenSize = 3584, IntermediateSize = 18944, Layers = 28, Heads = 28, KvHeads = 4, VocabSize = 152064, MaxPositions = 128000 },
        new VisionConfig { OutHiddenSize = 3584 });

    /// <summary>Qwen2.5-VL-3B.</summary>
    public static Qwen25VlConfig Qwen25Vl3B { get; } = new(
        new TextConfig { HiddenSize = 2048, IntermediateSize = 11008, Layers = 36, Heads = 16, KvHeads = 2, VocabSize = 151936, TieWordEmbeddings = true, MaxPositions = 128000 },
        new VisionConfig { OutHiddenSize = 2048 });

    /// <summary>A shape by its short name, <c>7b</c> or <c>3b</c>.</summary>
    /// <exception cref="StarKvException">The name is neither.</exception>
    public static Qwen25VlConfig Named(string name) => name switch
    {
        "7b" => Qwen25Vl7B,
        "3b" => Qwen25Vl3B,
        _ => throw new StarKvException($"shape '{name}' is unknown; the shapes are 3b and 7b."),
    };
}
