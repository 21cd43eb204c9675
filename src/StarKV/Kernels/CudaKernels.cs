using StarKV.Runtime;
using StarKV.Runtime.Cuda;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// The kernels of this folder on one card, compiled together once per process and card. Where they cannot run, tensor operations do the
/// work. Thread-safe.
/// </summary>
/// <remarks>
/// Every kernel runs on the stream it is launched on, the one on which TorchSharp queues everything, and waits for nothing.
/// </remarks>
internal sealed class CudaKernels(IKernelQueue queue)
{
    private const int MinCapability = 80, BlocksPerMultiprocessor = 2;
    private static readonly Dictionary<int, (CudaKernels? Kernels, string? Reason)> s_cards = [];
    private static readonly Dictionary<int, byte[]> s_images = [];

    /// <summary>Dynamic shared memory that a block may ask for, besides what the kernels declare themselves, in bytes.</summary>
    public int MaxSharedBytes => queue.MaxSharedBytes;

    /// <summary>As many blocks of the decode's products as run at a time on the card: 264 on an H200.</summary>
    public int ResidentBlocks => queue.Multiprocessors * BlocksPerMultiprocessor;

    /// <summary>
    /// The kernels for a tensor's card; null when it is not on a card, its type is not bfloat16, or the kernels cannot run there.
    /// </summary>
    public static CudaKernels? For(Tensor tensor)
    {
        if (!KernelSupport.Enabled || tensor.device_type != TorchSharp.DeviceType.CUDA || tensor.dtype != ScalarType.BFloat16)
            return null;
        return Of(tensor.device_index).Kernels;
    }

    /// <summary>Why the kernels cannot run on a card; null when they can.</summary>
    public static string? Reason(int card) => Of(card) is (null, var reason) ? reason : null;

    /// <summary>Queues a kernel that starts when everything before it has ended.</summary>
    public void Launch(Kernel kernel, Grid grid, Grid threads, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        kernel.Check(arguments);
        queue.Queue(kernel.Name, grid, threads, sharedBytes, arguments, early: false);
    }

    /// <summary>
    /// Queues a kernel that may start before the one ahead of it has ended, where the card can do that; the kernel itself waits for what it
    /// needs.
    /// </summary>
    public void LaunchEarly(Kernel kernel, Grid grid, Grid threads, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        kernel.Check(arguments);
        queue.Queue(kernel.Name, grid, threads, sharedBytes, arguments, early: true);
    }

    /// <summary>A card's kernels, or why they cannot run there.</summary>
    private static (CudaKernels? Kernels, string? Reason) Of(int card)
    {
        lock (s_cards)
        {
            if (!s_cards.TryGetValue(card, out var known))
                s_cards[card] = known = Load(card);
            return known;
        }
    }

    private static (CudaKernels? Kernels, string? Reason) Load(int card)
    {
        try
        {
            var capability = CudaDriver.Capability(card);
            if (capability < MinCapability)
                return (null, $"compute capability {capability / 10}.{capability % 10}; the kernels need 8.0");
            if (Nvrtc.Find(LibTorch.Load().Folder) is not { } compiler)
                return (null, "libnvrtc.so is not found beside libtorch nor in LD_LIBRARY_PATH");
            return (new CudaKernels(new KernelModule(card, Image(compiler, capability), capability)), null);
        }
        catch (Exception e) when (e is InvalidOperationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Machine code: one for all cards of a capability. Called under the lock of the cards.</summary>
    private static byte[] Image(Nvrtc compiler, int capability) =>
        s_images.TryGetValue(capability, out var image)
            ? image
            : s_images[capability] = compiler.Compile(KernelSources.All, "kernels.cu", capability);
}
