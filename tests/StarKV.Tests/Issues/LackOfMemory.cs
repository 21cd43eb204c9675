using System.Runtime.InteropServices;
using StarKV.Runtime;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary>Too little memory was reported as a fault of the program, "internal error … report them" (reliability F12).</summary>
public sealed class LackOfMemory
{
    private const string Script = "The following operation failed in the TorchScript interpreter.\nTraceback of TorchScript (most recent call last):\n  File \"<string>\", line 7, in linear\nRuntimeError: ";

    /// <summary>What libtorch 2.10, cuDNN and .NET have said.</summary>
    [Theory]
    [InlineData(Script + "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 3221225472 bytes. Error code 12 (Cannot allocate memory)", "", ": 3,072 MiB were asked for at once")]
    [InlineData("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes. Error code 12 (Cannot allocate memory)", "", ": 1 MiB were asked for at once")]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 139.80 GiB of which 1.10 GiB is free. Process 1 has 138.69 GiB memory in use.", " on the card", ": 2.00 GiB were asked for at once")]
    [InlineData(Script + "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 79.11 GiB of which 12.62 MiB is free.", " on the card", ": 20.00 MiB were asked for at once")]
    [InlineData("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported", " on the card", "")]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", " on the card", "")]
    [InlineData("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED", " on the card", "")]
    [InlineData("std::bad_alloc", "", "")]
    public void Libtorch_s_is_told_in_words(string message, string where, string asked)
    {
        var inner = new LibtorchError(message);
        Assert.True(MemoryShortage.Is(inner));
        var told = Assert.IsType<StarKvMemoryException>(MemoryShortage.Told(inner, "the model", MemoryShortage.SmallerRequest));
        Assert.StartsWith($"There is not enough memory{where} for the model{asked}. Give smaller or fewer screenshots", told.Message, StringComparison.Ordinal);
        Assert.Same(inner, told.InnerException);
        Assert.Same(told, MemoryShortage.Told(told));
    }

    [Theory]
    [InlineData("CUDA error: an illegal memory access was encountered")]
    [InlineData("CUDA error: device-side assert triggered")]
    [InlineData("The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1")]
    [InlineData("cuDNN Frontend error: [cudnn_frontend] Error: No valid execution plans built.")]
    [InlineData("")]
    public void Other_errors_stay_what_they_are(string message)
    {
        var error = new LibtorchError(message);
        Assert.Same(error, MemoryShortage.Told(error));
        Assert.False(MemoryShortage.Is(new InvalidOperationException("out of memory")));
        Assert.False(MemoryShortage.Is(new StarKvException("a file about out of memory")));
    }

    [Fact]
    public void Those_of_dotnet_and_of_the_system_are_known()
    {
        Assert.True(MemoryShortage.Is(new InsufficientMemoryException()));
        Assert.True(MemoryShortage.Is(new IOException("Cannot allocate memory", 12)));
        Assert.False(MemoryShortage.Is(new IOException("No space left on device", 28)));
        Assert.True(MemoryShortage.Is(new AggregateException(new ArgumentException("x"), new InsufficientMemoryException())));
        Assert.True(MemoryShortage.Is(new TypeInitializationException("X", new InsufficientMemoryException())));
        Assert.True(MemoryShortage.Is(new TypeInitializationException("System.Marvin", new DllNotFoundException("libSystem.Native"))));
        Assert.False(MemoryShortage.Is(new TypeInitializationException("StarKV.X", new DllNotFoundException("libSystem.Native"))));
        Assert.False(MemoryShortage.Is(new InsufficientExecutionStackException()));
    }

    [Fact]
    public async Task An_inference_thread_tells_it()
    {
        using var thread = new InferenceThread("short of memory");
        await Assert.ThrowsAsync<StarKvMemoryException>(() => thread.RunAsync<int>(() => throw new InsufficientMemoryException()));
        // More than any machine has.
        var error = Assert.Throws<StarKvMemoryException>(() => thread.Run(() => TorchSharp.torch.zeros(1L << 45).Dispose()));
        Assert.Contains("were asked for at once", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, thread.Run(() => 3));
    }

    [Fact]
    public void An_agent_is_as_it_was_after_a_request_that_did_not_fit()
    {
        using var program = new HostProgram();
        var (code, lines) = program.Run("memory", ("STARKV_TEST_MODEL", MiniModel.Folder), (LibTorch.FolderVariable, LibTorch.Load().Folder), ("OMP_NUM_THREADS", "2"));
        Assert.True(code == 0, string.Join('\n', lines));
        Assert.Equal(["refused StarKvMemoryException", "refused StarKvMemoryException", "refused StarKvMemoryException", "same answer True, tensors left 0"], lines.Select(line => line.Split(':')[0]));
        Assert.All(lines[..3], line => Assert.Contains("There is not enough memory for this request", line, StringComparison.Ordinal));
    }

    private sealed class LibtorchError(string message) : ExternalException(message);
}
