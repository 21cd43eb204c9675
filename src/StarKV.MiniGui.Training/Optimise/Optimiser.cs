using StarKV.MiniGui.Training.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Optimise;

/// <summary>Muon for matrices, AdamW for embeddings, patches, norms and biases, on the flat vector; one rate for both.</summary>
/// <remarks>
/// Matrices of equal shape are orthogonalised together. Norms, biases and the cell and place losses' own numbers do not decay.
/// </remarks>
internal sealed class Optimiser : IDisposable
{
    private const double Momentum = 0.95, Beta1 = 0.9, Beta2 = 0.95, Eps = 1e-8, Decay = 0.02, Clip = 1.0;
    private readonly TrainedWeights _weights;
    private readonly Func<Tensor, Tensor> _average;
    private readonly Tensor _momentum, _mean, _square;

    /// <summary>Starts without momentum.</summary>
    /// <param name="weights">What it trains.</param>
    /// <param name="average">The gradient in float32, averaged over all devices that train; null when this is the only one.</param>
    public Optimiser(TrainedWeights weights, Func<Tensor, Tensor>? average = null)
    {
        (_weights, _average) = (weights, average ?? (gradient => gradient.to(ScalarType.Float32)));
        var (muon, all) = (weights.Layout.MuonNumbers, weights.Layout.Numbers);
        _momentum = zeros([muon], device: weights.Compute.Device).DetachFromDisposeScope();
        _mean = zeros([all - muon], device: weights.Compute.Device).DetachFromDisposeScope();
        _square = zeros([all - muon], device: weights.Compute.Device).DetachFromDisposeScope();
    }

    /// <value>Steps taken, on which AdamW's means depend.</value>
    public long Steps { get; set; }

    /// <value>What it has gathered, by names: flat vectors in float32 on the device, which belong to it.</value>
    public IReadOnlyList<(string Name, Tensor Value)> State => [("momentum", _momentum), ("mean", _mean), ("square", _square)];

    /// <summary>
    /// One step from the gradients of <see cref="TrainedWeights.Work"/>, which are
    /// then gone. A gradient that is not finite changes nothing but the decay.
    /// </summary>
    /// <returns>The gradient's norm before clipping, a scalar on the device in the current scope.</returns>
    public Tensor Step(double rate)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var (layout, master) = (_weights.Layout, _weights.Master);
        using var raw = _weights.Work.grad!;
        var gradient = _average(raw);
        var norm = gradient.norm();
        var clipped = (gradient * (Clip / (norm + 1e-6)).clamp_max(1)).nan_to_num_(0, 0, 0);
        Steps++;

        var (muon, rest) =
            (clipped.narrow(0, 0, layout.MuonNumbers), clipped.narrow(0, layout.MuonNumbers, layout.Numbers - layout.MuonNumbers));
        master.narrow(0, 0, layout.DecayedNumbers).mul_(1 - rate * Decay);
        Muon(muon, master, rate);
        Adam(rest, master.narrow(0, layout.MuonNumbers, layout.Numbers - layout.MuonNumbers), rate);
        _weights.Work.grad = null;
        _weights.Refresh();
        return norm.MoveToOuterDisposeScope();
    }

    private void Muon(Tensor gradient, Tensor master, double rate)
    {
        _momentum.lerp_(gradient, 1 - Momentum);
        var ahead = gradient.lerp(_momentum, Momentum);
        foreach (var slot in _weights.Layout.Slots.Where(s => s.Muon.Count > 0))
        {
            var (direction, target) =
                (ahead.narrow(0, slot.Offset, slot.Numbers).view(slot.Shape), master.narrow(0, slot.Offset, slot.Numbers).view(slot.Shape));
            foreach (var (start, rows, matrix) in slot.Muon)
            {
                var columns = slot.Shape[2];
                var update = NewtonSchulz.Orthogonal(direction.narrow(1, start, rows).reshape(-1, matrix, columns));
                target.narrow(1, start, rows)
                    .add_(update.reshape(slot.Shape[0], rows, columns), -rate * 0.2 * Math.Sqrt(Math.Max(matrix, columns)));
            }
        }
    }

    private void Adam(Tensor gradient, Tensor master, double rate)
    {
        _mean.lerp_(gradient, 1 - Beta1);
        _square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var scale = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        master.addcdiv_(_mean, _square.sqrt().add_(Eps * scale), -rate * scale / (1 - Math.Pow(Beta1, Steps)));
    }

    public void Dispose()
    {
        _momentum.Dispose();
        _mean.Dispose();
        _square.Dispose();
    }
}
