using StarKV.Models.Qwen25Vl;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Weights;

/// <summary>
/// All weights of a model in training: a float32 master and the copy in the model's type that the forward pass and the gradients see.
/// </summary>
/// <remarks>One vector each, so that a step casts, clips and updates with a handful of operations.</remarks>
internal sealed class TrainedWeights : IDisposable
{
    public TrainedWeights(Qwen25VlConfig config, Compute compute, long seed)
    {
        Compute = compute;
        Layout = new ParameterLayout(config);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        // On the CPU, so that a seed gives the same start on every device.
        var start = zeros([Layout.Numbers]);
        foreach (var slot in Layout.Slots)
        {
            var part = start.narrow(0, slot.Offset, slot.Numbers);
            if (slot.Shape.Length > 2)
                part.normal_(0, 0.02, generator);
            else if (slot.Tensors[0].Name.EndsWith("weight", StringComparison.Ordinal) || slot == Layout[Weight.CellGain])
                part.fill_(1);
        }

        Master = start.to(compute.Device).clone().DetachFromDisposeScope();
        Work = Master.to(compute.DType, copy: true).requires_grad_(true).DetachFromDisposeScope();
    }

    public Compute Compute { get; }

    public ParameterLayout Layout { get; }

    /// <summary>The float32 master, [numbers].</summary>
    public Tensor Master { get; }

    /// <summary>The copy that takes part in the forward pass, [numbers], in the model's type; a leaf with gradients.</summary>
    public Tensor Work { get; }

    /// <summary>Rounds the master into the working copy; called after each change.</summary>
    public void Refresh()
    {
        using var mode = no_grad();
        Work.copy_(Master);
    }

    /// <summary>The weights as the model reads them, for one forward pass: views of <see cref="Work"/>, in the current scope.</summary>
    /// <returns>For each kind its layers.</returns>
    public Tensor[][] Views()
    {
        var parts = Work.split([.. Layout.Slots.Select(s => s.Numbers)]);
        return [.. Layout.Slots.Select((slot, i) => parts[i].view(slot.Shape).unbind(0))];
    }

    /// <summary>Reads the master from a model folder, in any type that the engine reads.</summary>
    public void Read(CheckpointFolder folder)
    {
        using var scope = NewDisposeScope();
        using var source = new CheckpointWeights(folder, new Compute(CPU, ScalarType.Float32));
        foreach (var slot in Layout.Slots)
        {
            if (slot.Offset >= Layout.ModelNumbers)
                break;
            Fill(slot, source);
        }

        Refresh();
    }

    /// <summary>Copies a slot's tensors out of <paramref name="source"/> into the master; <see cref="Refresh"/> follows.</summary>
    public void Fill(ParameterSlot slot, IWeightSource source)
    {
        var offset = slot.Offset;
        foreach (var tensor in slot.Tensors)
        {
            using var value = source.Take(tensor.Shape, tensor.Name);
            Master.narrow(0, offset, tensor.Numbers).copy_(value.view(-1));
            offset += tensor.Numbers;
        }
    }

    /// <summary>The published tensors of the given slots on the CPU, in float32, in the current scope.</summary>
    public IEnumerable<(string Name, Tensor Value)> Published(bool model = true)
    {
        var all = Master.to(CPU);
        foreach (var slot in Layout.Slots.Where(s => s.Offset < Layout.ModelNumbers == model))
        {
            var offset = slot.Offset;
            foreach (var tensor in slot.Tensors)
            {
                yield return (tensor.Name, all.narrow(0, offset, tensor.Numbers).view(tensor.Shape));
                offset += tensor.Numbers;
            }
        }
    }

    public void Dispose()
    {
        Master.Dispose();
        Work.Dispose();
    }
}
