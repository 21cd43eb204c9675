using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>What a device has besides tensor operations, and the switch that leaves StarKV's kernels out. Thread-safe.</summary>
[Experimental("STARKV001")]
public static class KernelSupport
{
    /// <summary>
    /// Set to 0, this environment variable leaves the kernels out; their results can then be compared with the plain ones.
    /// </summary>
    private const string Switch = "STARKV_KERNELS";

    /// <value>For measurements: false leaves the kernels out from now on; default true, unless STARKV_KERNELS is 0.</value>
    public static bool Enabled { get; set; } = Environment.GetEnvironmentVariable(Switch) != "0";

    /// <summary>
    /// Whether kernels are used that a card has not shown to be faster yet: the products of several sessions' tokens.
    /// STARKV_UNTRIED_KERNELS=1 turns them on.
    /// </summary>
    internal static bool Untried { get; } = Environment.GetEnvironmentVariable("STARKV_UNTRIED_KERNELS") == "1";

    /// <summary>Why tensor operations do the work on a device, or null when the kernels run there.</summary>
    /// <param name="device">The device.</param>
    public static string? StateOn(Device device)
    {
        if (device.type != TorchSharp.DeviceType.CUDA)
            return "tensor operations: the kernels are for CUDA";
        if (!Enabled)
            return $"tensor operations: {Switch}=0";
        using var probe = empty([1], ScalarType.BFloat16, device);
        return CudaKernels.Reason(probe.device_index) is { } reason ? $"tensor operations: {reason}" : null;
    }

    /// <summary>Whether cuDNN attends on a card; false where it has no plan for it, and other kernels do.</summary>
    /// <remarks>For an inference thread.</remarks>
    /// <param name="card">The card.</param>
    public static bool CudnnAttends(Device card)
    {
        using var scope = NewDisposeScope();
        return CudnnAttention.OfScreens(randn([1, 256, 3, 2, 64], ScalarType.BFloat16, card)) is not null;
    }
}
