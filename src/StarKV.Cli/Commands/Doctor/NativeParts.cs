using SkiaSharp;
using StarKV.Kernels;
using StarKV.Models;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Cli.Commands.Doctor;

/// <summary>
/// What the engine needs of native code, part by part. To look at one may end the process: <see cref="NativeExamination"/> does it in
/// another one.
/// </summary>
/// <param name="device">The device that is asked for.</param>
internal sealed class NativeParts(string device)
{
    /// <summary>The part on which the others of <see cref="OnLibTorch"/> build.</summary>
    public const string LibTorchPart = "libtorch";

    private const string Operations = "operations", DevicePart = "device", DeviceMemory = "device memory", Kernels = "kernels",
    Cudnn = "cudnn", Pictures = "pictures";

    /// <summary>All parts, in the order in which they are looked at.</summary>
    public static IReadOnlyList<string> Names { get; } = [LibTorchPart, Operations, DevicePart, DeviceMemory, Kernels, Cudnn, Pictures];

    /// <summary>Whether a part cannot be looked at without libtorch.</summary>
    public static bool OnLibTorch(string part) => part != Pictures;

    /// <summary>Looks at a part; null when this machine or the device has none.</summary>
    /// <exception cref="StarKvException">It is not as it must be.</exception>
    public string? Look(string part) => part switch
    {
        LibTorchPart => Describe(LibTorch.Load()),
        Operations => OnThread(Arithmetic),
        DevicePart => Compute.Choose(device) is var compute ? $"{compute.Device}, {Cli.Names.Of(compute.DType)}" : null,
        DeviceMemory => OnCard(compute => MemoryReading.Now(compute) is var m ? $"{Format.Bytes(m.DeviceFreeBytes!.Value)} free of " +
            $"{Format.Bytes(m.DeviceTotalBytes!.Value)}" : ""),
        Kernels => OnCard(compute => KernelSupport.StateOn(compute.Device) ?? "compiled"),
        Cudnn => OnCard(compute => OnThread(
            () => KernelSupport.CudnnAttends(compute.Device) ? "attends" : "no plan for this card: other kernels attend")),
        Pictures => Picture(),
        _ => null,
    };

    private static string Describe(LibTorchInfo info) =>
        $"{info.Version} {(info.HasCuda ? "CUDA" : "CPU")} build from {info.Folder} " +
            $"({info.Source}){(info.Adapted ? ", adapted to the older libstdc++" : "")}" +
        (info.ScalarsUnkept is { } reason ? $", numbers may be freed while they are read: {reason}" : "");

    private static string OnThread(Func<string> work)
    {
        using var thread = new InferenceThread("StarKV doctor");
        return thread.Run(work);
    }

    /// <summary>Looks at something that only a card has; a device that is not there is said by its own part.</summary>
    private string? OnCard(Func<Compute, string> look) => Chosen() is { IsCuda: true } compute ? look(compute) : null;

    private Compute? Chosen()
    {
        try
        {
            return Compute.Choose(device);
        }
        catch (StarKvException)
        {
            return null;
        }
    }

    /// <summary>Runs one grouped-query attention through the compiled operations and checks it against plain arithmetic.</summary>
    private static string Arithmetic()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (randn(4, 3, 8), randn(2, 3, 8));
        var got = TextDecoder.Attend(q, k, k);
        var keys = k.repeat_interleave(2, 0);
        var mask = ones(3, 3).triu(1) * -1e9;
        var expected = nn.functional.softmax(
            q.matmul(keys.transpose(1, 2)) / Math.Sqrt(8) + mask, -1).matmul(keys).transpose(0, 1).flatten(1);
        var difference = (got - expected).abs().max().item<float>();
        return difference < 1e-4
            ? "attention agrees with plain arithmetic"
            : throw new StarKvException($"attention differs from plain arithmetic by {difference}; this libtorch cannot be used.");
    }

    private static string Picture()
    {
        using var bitmap = new SKBitmap(2, 2);
        return SkiaSharpVersion.Native is var version && bitmap.ReadyToDraw
            ? $"Skia {version}"
            : throw new StarKvException("SkiaSharp does not make pictures here. Build or publish the application again.");
    }
}
