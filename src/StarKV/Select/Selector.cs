using System.Diagnostics.CodeAnalysis;
using StarKV.Budget;
using StarKV.Kernels;
using StarKV.Observe;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Select;

/// <summary>Turns a method's scores into the rows that a layer keeps: the best of the past, and the whole observation window.</summary>
[Experimental("STARKV001")]
public static class Selector
{
    /// <summary>Chooses the rows that a layer keeps.</summary>
    /// <param name="method">Scores the past.</param>
    /// <param name="plan">Window and past rows to keep.</param>
    /// <param name="observation">The layer, seen with the plan's window.</param>
    /// <param name="memory">What the method remembers.</param>
    /// <returns>Rows, ascending, int64: [1, G or H, kept]. The caller owns the tensor.</returns>
    public static Tensor Select(ICompressionMethod method, KeepPlan plan, in LayerObservation observation, LayerMemory memory)
    {
        using var counting = memory.Counting();
        using var scope = NewDisposeScope();
        var scores = method.Score(observation, memory);
        var rows = CudaKernels.For(observation.Keys) is { } kernels ? Best(kernels, scores, plan) : Best(scores, plan);
        MemoryTensors.LeaveOut();
        return rows.MoveToOuterDisposeScope();
    }

    private static Tensor Best(Tensor scores, KeepPlan plan)
    {
        var (_, best) = scores.topk(plan.Past, dim: 1, largest: true, sorted: false);
        var (ascending, _) = sort(best, 1);
        var tail = arange(scores.shape[1], scores.shape[1] + plan.Window, ScalarType.Int64, scores.device)
            .unsqueeze(0)
            .expand(best.shape[0], plan.Window);
        return cat([ascending, tail], 1);
    }

    /// <summary>What the other overload gives, in one launch; of equal scores the first are taken.</summary>
    private static Tensor Best(CudaKernels kernels, Tensor scores, KeepPlan plan)
    {
        var (lists, past) = ((int)scores.shape[0], (int)scores.shape[1]);
        var rows = empty([lists, plan.Rows], ScalarType.Int64, scores.device);
        SelectKernels.Rows(kernels, scores.to(ScalarType.Float32).contiguous(), lists, past, plan.Past, plan.Window, rows);
        return rows;
    }
}
