using StarKV.Input;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Model;
using StarKV.MiniGui.Training.Weights;
using StarKV.MiniGui.Words;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Runtime;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Tests;

/// <summary>A shape of two and two layers, and what training needs around it.</summary>
internal static class Tiny
{
    public static Compute Cpu { get; } = new(new Device(TorchSharp.DeviceType.CPU), ScalarType.Float32);

    public static QwenTokenizer Tokenizer { get; } = QwenTokenizer.Load(RepositoryFiles.Path("models", "mini", "tokenizer.json"));

    public static Packer Packer { get; } = new(Tokenizer, PromptStyle.Get("mini"));

    public static CellTargets Targets { get; } = new(Tokenizer);

    public static Qwen25VlConfig Config { get; } = (Qwen25VlConfig)ModelConfig.Parse(TinyShape.Json);

    public static PreprocessorConfig Pixels { get; } = PreprocessorConfig.Load(RepositoryFiles.Path("models", "mini"));

    /// <summary>A sample: of one screen, or of a history with its instruction first or last.</summary>
    public static Sample Sample(ulong seed, string form, SampleOptions? options = null)
    {
        var size = ScreenSize.Training[(int)(seed % 4)];
        return form switch
        {
            "single" => SampleGenerator.OneScreen(seed, Split.Train, size, options),
            "first" => SampleGenerator.History(seed, Split.Train, size, Order.First, options),
            _ => SampleGenerator.History(seed, Split.Train, size, Order.Last, options),
        };
    }

    public static TrainedWeights Weights(long seed = 1) => new(Config, Cpu, seed);

    public static TrainingModel Model() => new(Config, Pixels, Cpu);

    public static Batch Batch(IReadOnlyList<Pack> packs, ulong? align = null)
    {
        using var painter = new ScreenPainter();
        return new Batch(packs, Targets, painter, 16, align);
    }
}
