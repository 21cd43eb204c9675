using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using StarKV.Kernels;
using StarKV.Runtime;
using TorchSharp;

namespace StarKV.Tests.Issues;

/// <summary>What agents on one card share: dictionaries that were changed without a lock, and a switch that any error of cuDNN turned for the whole process.</summary>
public sealed class CudaStateSharedByAgents
{
    [Fact]
    public void Kernels_are_found_once_and_allowed_their_memory_before_they_are_launched()
    {
        for (var round = 0; round < 20; round++)
        {
            var (found, allowed) = (new ConcurrentBag<string>(), new ConcurrentDictionary<nint, bool>());
            var table = new KernelTable(name =>
            {
                found.Add(name);
                return int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) + 1;
            }, function =>
            {
                Thread.SpinWait(100);
                Assert.True(allowed.TryAdd(function, true));
            });
            Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
            {
                for (var i = 0; i < 400; i++)
                {
                    var kernel = (i * 7 + thread) % 97;
                    var manyShared = kernel % 3 == 0;
                    Assert.Equal(kernel + 1, table.Get($"{kernel}", manyShared));
                    Assert.True(!manyShared || allowed.ContainsKey(kernel + 1));
                }
            });
            Assert.Equal(97, found.Count);
            Assert.Equal(33, allowed.Count);
        }
    }

    [Theory]
    [InlineData("cuDNN Frontend error: [cudnn_frontend] Error: No execution plans support the graph.")]
    [InlineData("cuDNN Frontend error: [cudnn_frontend] Error: No valid execution plans built.")]
    [InlineData("cuDNN Frontend error: [cudnn_frontend] Error: No execution plans built successfully.")]
    [InlineData("cuDNN Frontend error: No valid engine configs for Matmul_MUL_Reduction_SUB_EXP_Reduction_LOG_ADD_DIV_Matmul_")]
    [InlineData("cuDNN error: CUDNN_STATUS_NOT_SUPPORTED")]
    [InlineData("PyTorch was not compiled with cuDNN Flash Attention enabled!")]
    public void A_plan_that_is_not_there_is_left_to_another_kernel(string message) => Assert.True(CudnnFault.IsNoPlan($"The following operation failed.\nRuntimeError: {message}\n"));

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 139.80 GiB of which 1.10 GiB is free.")]
    [InlineData("CUDA error: out of memory")]
    [InlineData("cuDNN Frontend error: [cudnn_frontend] Error: No valid execution plans built. CUDNN_STATUS_ALLOC_FAILED")]
    [InlineData("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED")]
    [InlineData("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED")]
    [InlineData("CUDA error: an illegal memory access was encountered")]
    [InlineData("CUDA error: device-side assert triggered")]
    [InlineData("The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1")]
    [InlineData("")]
    public void Every_other_error_is_the_request_s(string message) => Assert.False(CudnnFault.IsNoPlan($"The following operation failed.\nRuntimeError: {message}\n"));

    [Fact]
    public void Only_the_card_s_operation_without_a_plan_goes_on_without_cudnn() => TorchThread.Run(() =>
    {
        // Numbers that no machine's cards have.
        const int first = 1_000_001, second = 1_000_002;
        const string one = "one operation", other = "another operation";
        var calls = 0;
        Assert.Throws<LibtorchError>(() => CudnnAttention.Try(first, one, () => throw new LibtorchError("CUDA out of memory. Tried to allocate 20.00 MiB.")));
        Assert.NotNull(Called(first));
        Assert.Null(CudnnAttention.Try(first, one, () => throw new LibtorchError("cuDNN Frontend error: [cudnn_frontend] Error: No valid execution plans built.")));
        Assert.Null(Called(first));
        Assert.NotNull(Called(second));
        Assert.NotNull(Called(first, other));
        Assert.Equal(3, calls);

        torch.Tensor? Called(int card, string operation = one) => CudnnAttention.Try(card, operation, () =>
        {
            calls++;
            return torch.zeros(1);
        });
    });

    [Fact]
    public void Libtorch_s_own_sentence_arrives_whole() => TorchThread.Run(() =>
    {
        // The CPU has no such kernel; a tensor of another shape is a mistake of the caller.
        var missing = Assert.Throws<ExternalException>(() => TorchOps.Call("vision_attend_planned", torch.zeros([1, 4, 3, 2, 8])));
        Assert.True(CudnnFault.IsNoPlan(missing.Message), missing.Message);
        var mistaken = Assert.Throws<ExternalException>(() => TorchOps.Call("vision_attend_planned", torch.zeros([1, 4])));
        Assert.False(CudnnFault.IsNoPlan(mistaken.Message), mistaken.Message);
        var large = Assert.Throws<ExternalException>(() => TorchOps.Call("gate", torch.zeros(2).expand(1L << 45, 2)));
        Assert.False(CudnnFault.IsNoPlan(large.Message), large.Message);
    });

    private sealed class LibtorchError(string message) : ExternalException(message);
}
