using StarKV.MiniGui.Training.Checkpoints;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Weights;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Run;

/// <summary>The numbers that go with a <see cref="RunState"/>: weights before they are rounded, what the optimiser gathered.</summary>
internal static class RunNumbers
{
    private const string FileName = "state.safetensors", Master = "weights";

    /// <summary>Writes them into a checkpoint's folder, in float32.</summary>
    public static void Write(string folder, TrainedWeights weights, Optimiser optimiser) => SafetensorsWriter.Write(
        Path.Combine(folder, FileName),
        [
            Checkpoint.Stored(Master, weights.Master.to(CPU), DType.F32),
            .. optimiser.State.Select(s => Checkpoint.Stored(s.Name, s.Value.to(CPU), DType.F32)),
        ]);

    /// <summary>Reads the weights.</summary>
    /// <exception cref="StarKvException">The file lacks them, or has others.</exception>
    public static void Read(string folder, TrainedWeights weights)
    {
        Read(folder, [(Master, weights.Master)]);
        weights.Refresh();
    }

    /// <summary>Reads what the optimiser gathered.</summary>
    /// <exception cref="StarKvException">The file lacks it, or has another model's.</exception>
    public static void Read(string folder, Optimiser optimiser) => Read(folder, optimiser.State);

    private static void Read(string folder, IReadOnlyList<(string Name, Tensor Value)> targets)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, FileName);
        using var file = SafetensorsFile.Open(path);
        foreach (var (name, value) in targets)
        {
            if (!file.Tensors.TryGetValue(name, out var stored) || stored.DType != DType.F32 || !stored.Shape.SequenceEqual(value.shape))
                throw new StarKvException(
                    $"{path} has no {value.shape[0]} numbers '{name}' in float32; train with the shape that it was written for.");
            value.copy_(stored.ToTensor());
        }
    }
}
