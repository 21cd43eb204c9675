using static TorchSharp.torch;

namespace StarKV.Runtime.Cuda;

/// <summary>The kernels of this folder, compiled together once a process and card. Where they cannot run, the same work is done by tensor operations. Thread-safe.</summary>
internal sealed class CudaKernels
{
    /// <summary>Set to 0, this environment variable leaves the kernels out; their results can then be compared with the plain ones.</summary>
    public const string Switch = "STARKV_KERNELS";

    private const int LeastCapability = 80, OverlapCapability = 90, UsualSharedBytes = 32 * 1024, DeclaredSharedBytes = 16 * 1024;
    private static readonly Dictionary<int, (CudaKernels? Kernels, string? Reason)> s_cards = [];
    private static readonly Dictionary<int, byte[]> s_images = [];
    private readonly KernelTable _table;
    private readonly nint _context;
    private readonly bool _overlaps;

    private CudaKernels(int card, byte[] image, bool overlaps)
    {
        _context = CudaDriver.Context(card);
        using var current = CudaDriver.Enter(_context);
        var module = CudaDriver.LoadModule(image);
        (MaxSharedBytes, _overlaps) = (CudaDriver.SharedBytes(card) - DeclaredSharedBytes, overlaps);
        _table = new KernelTable(name => CudaDriver.Function(module, name), function => CudaDriver.AllowShared(function, MaxSharedBytes));
    }

    /// <summary>Dynamic shared memory that a block may ask for, beside what the kernels declare themselves.</summary>
    public int MaxSharedBytes { get; }

    /// <summary>For measurements: false leaves the kernels out from now on.</summary>
    public static bool Enabled { get; set; } = Environment.GetEnvironmentVariable(Switch) != "0";

    /// <summary>The kernels for a tensor's card; null when it is not on a card, its type is not bfloat16, or the kernels cannot run there.</summary>
    public static CudaKernels? For(Tensor tensor)
    {
        if (!Enabled || tensor.device_type != TorchSharp.DeviceType.CUDA || tensor.dtype != ScalarType.BFloat16)
            return null;
        return Of(tensor.device_index).Kernels;
    }

    /// <summary>Why tensor operations do the work on a device, or null when the kernels run there.</summary>
    public static string? StateOn(Device device)
    {
        if (device.type != TorchSharp.DeviceType.CUDA)
            return "tensor operations: the kernels are for CUDA";
        if (!Enabled)
            return $"tensor operations: {Switch}=0";
        using var probe = empty([1], ScalarType.BFloat16, device);
        return Of(probe.device_index) is (null, var reason) ? $"tensor operations: {reason}" : null;
    }

    /// <summary>Queues a kernel that starts when everything before it has ended.</summary>
    public void Launch(string name, Grid grid, Grid threads, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments) =>
        Queue(name, grid, threads, sharedBytes, arguments, overlap: false);

    /// <summary>Queues a kernel that may start before the one ahead of it has ended, where the card can do that; the kernel itself waits for what it needs.</summary>
    public void LaunchEarly(string name, Grid grid, Grid threads, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments) =>
        Queue(name, grid, threads, sharedBytes, arguments, _overlaps);

    private void Queue(string name, Grid grid, Grid threads, int sharedBytes, ReadOnlySpan<KernelArgument> arguments, bool overlap)
    {
        using var current = CudaDriver.Enter(_context);
        CudaDriver.Launch(_table.Get(name, sharedBytes > UsualSharedBytes), grid, threads, sharedBytes, arguments, overlap);
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
            if (capability < LeastCapability)
                return (null, $"compute capability {capability / 10}.{capability % 10}; the kernels need 8.0");
            if (Nvrtc.Find(LibTorch.Load().Folder) is not { } compiler)
                return (null, "libnvrtc.so is not found beside libtorch nor in LD_LIBRARY_PATH");
            return (new CudaKernels(card, Image(compiler, capability), capability >= OverlapCapability), null);
        }
        catch (Exception e) when (e is InvalidOperationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Machine code: one for all cards of a capability. Called under the lock of the cards.</summary>
    private static byte[] Image(Nvrtc compiler, int capability) =>
        s_images.TryGetValue(capability, out var image) ? image : s_images[capability] = compiler.Compile(Source(), "kernels.cu", capability);

    // Those behind the first use its helpers.
    private static string Source() => File("numbers.cu") + File("selection.cu") + File("decode.cu") + File("fused.cu") + File("windows.cu");

    private static string File(string name)
    {
        using var stream = typeof(CudaKernels).Assembly.GetManifestResourceStream($"StarKV.Runtime.Cuda.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
