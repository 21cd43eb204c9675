using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernels of VisionKernels.cu: attention inside the windows of a vision tower.</summary>
internal static class VisionKernels
{
    private const int MaxWindow = 64, Threads = 128;

    private static readonly Kernel s_attend64 = new("attend_windows_64", Pointer, Pointer, Pointer, Int);

    private static readonly Kernel s_attend80 = new("attend_windows_80", Pointer, Pointer, Pointer, Int);

    /// <summary>Whether the kernels take windows.</summary>
    /// <param name="longest">Rows of the longest one.</param>
    /// <param name="dim">Head dimension.</param>
    public static bool Take(int longest, long dim) => longest <= MaxWindow && dim is (64 or 80);

    /// <summary>Attention inside each window.</summary>
    /// <remarks>Plain twins: <c>vision_attend</c>, and on a card <c>vision_attend_runs</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="heads">Rotated queries, rotated keys and values of all windows, [rows, 3, H, d], contiguous.</param>
    /// <param name="bounds">The first row of each window, and the end, [windows + 1], int32.</param>
    /// <param name="result">Takes the attention, [rows, H · d].</param>
    /// <param name="windows">Windows of at most 64 rows.</param>
    /// <param name="headCount">H.</param>
    /// <param name="dim">d, 64 or 80.</param>
    public static void Attend(CudaKernels kernels, Tensor heads, Tensor bounds, Tensor result, int windows, int headCount, int dim) =>
        kernels.Launch(OfDim(dim), new Grid(windows, headCount), Threads, 0, heads, bounds, result, headCount);

    private static Kernel OfDim(int dim) => dim switch
    {
        64 => s_attend64,
        80 => s_attend80,
        _ => throw new ArgumentOutOfRangeException(nameof(dim), dim, "There is no kernel for windows of this head dimension."),
    };
}
