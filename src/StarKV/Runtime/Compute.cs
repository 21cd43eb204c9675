using StarKV.Runtime.Cuda;
using TorchSharp;
using static TorchSharp.torch;

namespace StarKV.Runtime;

/// <summary>Where and in which number type a model runs.</summary>
/// <param name="Device">The device: the CPU or one CUDA card.</param>
/// <param name="DType">The type of weights, activations and the cache: usually float32 on the CPU, bfloat16 on CUDA.</param>
public sealed record Compute(Device Device, ScalarType DType)
{
    /// <summary>True on a CUDA device, where work is queued and host readings need <see cref="Synchronize()"/>.</summary>
    public bool IsCuda => Device.type == DeviceType.CUDA;

    /// <summary>Bytes of one number of <see cref="DType"/>.</summary>
    public int ElementSize => DType switch { ScalarType.Float32 => 4, ScalarType.Float64 => 8, _ => 2 };

    /// <summary>Chooses a device and a number type.</summary>
    /// <param name="device"><c>auto</c> (a CUDA card if there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</param>
    /// <param name="type"><c>auto</c> (the device's usual type), <c>float32</c> or <c>bfloat16</c>.</param>
    /// <exception cref="StarKvException">A name is not one of these, or the machine has no such device.</exception>
    public static Compute Choose(string device = "auto", string type = "auto")
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(type);
        ScalarType? asked = type switch
        {
            "auto" => null,
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            _ => throw new StarKvException($"Number type '{type}' is unknown; say auto, float32 or bfloat16."),
        };
        var libtorch = LibTorch.Load();
        if (device == "cpu" || (device == "auto" && !(libtorch.HasCuda && cuda.is_available())))
            return new Compute(CPU, asked ?? ScalarType.Float32);
        if (device is not ("auto" or "cuda") && !device.StartsWith("cuda:", StringComparison.Ordinal))
            throw new StarKvException($"Device '{device}' is unknown; say auto, cpu, cuda or cuda:n.");
        if (!libtorch.HasCuda)
            throw new StarKvException($"Device '{device}' needs a CUDA build of libtorch; " +
                $"the one loaded from {libtorch.Folder} has none. Set {LibTorch.FolderVariable} to the " +
                    $"folder of a CUDA build, or say --device cpu.");
        if (!cuda.is_available())
            throw new StarKvException($"Device '{device}' is not there: libtorch finds no CUDA card or " +
                $"driver. Say --device cpu, or check nvidia-smi.");

        var index = 0;
        if (device.StartsWith(
            "cuda:", StringComparison.Ordinal) && (!int.TryParse(device.AsSpan(5), out index) || index < 0 || index >= cuda.device_count()))
            throw new StarKvException($"Device '{device}' is not there; this machine has " +
                $"{cuda.device_count()} CUDA card(s), numbered from 0.");
        return new Compute(new Device(DeviceType.CUDA, index), asked ?? ScalarType.BFloat16);
    }

    /// <summary>Waits until the device has done all that was queued; does nothing on the CPU.</summary>
    /// <param name="cancellation">Ends the wait at once; the device then still does what was queued.</param>
    internal void Synchronize(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsCuda && cancellation.CanBeCanceled)
            WaitForQueue(cancellation);
        Synchronize();
    }

    /// <summary>Waits until the device has done all that was queued; does nothing on the CPU.</summary>
    public void Synchronize()
    {
        if (IsCuda)
            cuda.synchronize(Device);
    }

    /// <summary>Asks again and again, as the driver itself does while it waits.</summary>
    private void WaitForQueue(CancellationToken cancellation)
    {
        using var current = CudaDriver.Enter(CudaDriver.Context(Device.index));
        var spin = new SpinWait();
        while (CudaDriver.IsBusy())
        {
            cancellation.ThrowIfCancellationRequested();
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
