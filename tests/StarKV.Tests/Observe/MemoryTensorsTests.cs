using StarKV.Observe;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Tests.Observe;

/// <summary>Which tensors count as those of a memory, which live from answer to answer.</summary>
public sealed class MemoryTensorsTests
{
    [Fact]
    public void A_memory_of_one_answer_counts_nothing_as_left_on_purpose()
    {
        using var memory = LayerMemory.OfOneAnswer();
        Assert.Null(memory.Counting());
    }

    [Fact]
    public void A_memory_that_stays_counts_what_work_on_it_leaves_alive()
    {
        using var memory = new LayerMemory();
        var before = MemoryTensors.OfThisThread;
        Tensor kept;
        using (memory.Counting())
            kept = zeros(1);
        Assert.Equal(before + 1, MemoryTensors.OfThisThread);
        using (memory.Counting())
            kept.Dispose();
        Assert.Equal(before, MemoryTensors.OfThisThread);
    }

    [Fact]
    public void A_tensor_that_is_left_out_within_other_work_is_not_counted_there_either()
    {
        var before = MemoryTensors.OfThisThread;
        Tensor mine, others;
        using (MemoryTensors.Begin())
        {
            mine = zeros(1);
            using (MemoryTensors.Begin())
            {
                others = zeros(1);
                MemoryTensors.LeaveOut();
            }
        }

        Assert.Equal(before + 1, MemoryTensors.OfThisThread);
        using (MemoryTensors.Begin())
            mine.Dispose();
        others.Dispose();
        Assert.Equal(before, MemoryTensors.OfThisThread);
    }
}
