using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Model;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Run;

/// <summary>One step of training: forward, losses, backward, update; its numbers stay on the device until they are asked for.</summary>
internal sealed class TrainingStep : IDisposable
{
    /// <summary>Weight of the cell loss, of background cells in it, of the place loss, and of the alignment loss.</summary>
    private const double CellWeight = 0.3, BackgroundWeight = 0.1, PlaceWeight = 0.2, AlignWeight = 0.05;

    private readonly TrainingModel _model;
    private readonly TrainedWeights _weights;
    private readonly Tensor _cellWeights, _sums;
    private int _summed;

    public TrainingStep(TrainingModel model, TrainedWeights weights, long background)
    {
        (_model, _weights) = (model, weights);
        var device = weights.Compute.Device;
        _cellWeights = ones([weights.Layout[Weight.Embedding].Shape[1]], device: device).DetachFromDisposeScope();
        _cellWeights[background] = BackgroundWeight;
        _sums = zeros([8], device: device).DetachFromDisposeScope();
    }

    /// <summary>Trains on a batch.</summary>
    public void Run(Batch batch, Optimiser optimiser, double rate, bool align = false)
    {
        using var scope = NewDisposeScope();
        var device = batch.To(_weights.Compute.Device);
        var (result, losses) = Differentiate(device, batch, align);
        Sum(result, device, losses, optimiser.Step(rate));
    }

    /// <summary>The gradient that a batch gives, of all weights, in float32 on the CPU; nothing is trained.</summary>
    public Tensor Gradient(Batch batch, bool align = false)
    {
        using var scope = NewDisposeScope();
        Differentiate(batch.To(_weights.Compute.Device), batch, align);
        using var gradient = _weights.Work.grad!;
        _weights.Work.grad = null;
        return gradient.to(ScalarType.Float32, CPU, copy: true).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Forward, losses and backward: leaves the gradient with the weights;
    /// gives the losses of answers, cells and places, and the alignment's or 0.
    /// </summary>
    private (Forward Result, Tensor[] Losses) Differentiate(DeviceBatch device, Batch batch, bool align)
    {
        var result = _model.Run(_weights.Views(), device, batch.Grid, align);
        var weights = device.TargetWeights.to(ScalarType.Float32);
        var answer =
            (nn.functional.cross_entropy(result.Answers, device.TargetIds, reduction: nn.Reduction.None) * weights).sum() / weights.sum();
        var cell = nn.functional.cross_entropy(result.Cells, result.CellIds, _cellWeights);
        var place = nn.functional.cross_entropy(result.Places, result.PlaceIds);
        var loss = answer + CellWeight * cell + PlaceWeight * place;
        if (result.Alignment is not null)
            loss += AlignWeight * result.Alignment;
        loss.backward();
        return (result, [answer.detach(), cell.detach(), place.detach(), result.Alignment?.detach() ?? zeros_like(answer)]);
    }

    /// <summary>Means over the steps since the last call; waits for the device.</summary>
    public StepMeans Take()
    {
        using var scope = NewDisposeScope();
        var sums = _sums.to(CPU).data<float>().ToArray();
        var n = Math.Max(1, _summed);
        _sums.zero_();
        _summed = 0;
        return new StepMeans(sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n, sums[4] / n, sums[5] / n, sums[6] / n, sums[7] / n);
    }

    /// <summary>Which target tokens the model would write, given the right ones before them: [T] on the CPU.</summary>
    public long[] Predict(Batch batch)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var result = _model.Run(_weights.Views(), batch.To(_weights.Compute.Device), batch.Grid);
        return result.Answers.argmax(1).to(CPU).data<long>().ToArray();
    }

    private void Sum(Forward result, DeviceBatch device, Tensor[] losses, Tensor norm)
    {
        using var mode = no_grad();
        var placed = Right(result.Places, result.PlaceIds).sum() / result.PlaceIds.ne(TrainingModel.LeftOut).sum();
        var right = Right(result.Answers, device.TargetIds).mean();
        _sums.add_(stack([.. losses, right, CellAccuracy(result), placed, norm]));
        _summed++;
    }

    /// <summary>1 where the likeliest class is the right one, else 0.</summary>
    private static Tensor Right(Tensor logits, Tensor ids) => logits.argmax(1).eq(ids).to(ScalarType.Float32);

    /// <summary>The share of right names among the cells that show something.</summary>
    private Tensor CellAccuracy(Forward result)
    {
        var shown = _cellWeights.index_select(0, result.CellIds).gt(0.5).to(ScalarType.Float32);
        return (Right(result.Cells, result.CellIds) * shown).sum() / (shown.sum() + 1e-6);
    }

    public void Dispose()
    {
        _cellWeights.Dispose();
        _sums.Dispose();
    }
}

/// <summary>Means over some steps: losses, shares of right tokens, cells and places, the gradient's norm.</summary>
internal readonly record struct StepMeans(
    double Answer, double Cell, double Place, double Align, double TokenAccuracy, double CellAccuracy, double PlaceAccuracy, double Norm);
