using System.Runtime.InteropServices;

namespace StarKV.Runtime;

/// <summary>Tells the faults after which a card does nothing more for this process from errors of one request.</summary>
/// <remarks>
/// CUDA runtime API, cudaError_t: the errors that "leave the process in an inconsistent state", after which every call gives the error
/// again.
/// </remarks>
internal static class DeviceFault
{
    private static readonly string[] s_phrases =
    [
        "an illegal memory access", "illegal address", "unspecified launch failure", "device-side assert", "an illegal instruction",
        "misaligned address", "operation not supported on global/shared address space", "invalid program counter", "hardware stack error",
        "uncorrectable ECC error", "uncorrectable NVLink error", "the launch timed out", "GPU is lost", "no CUDA-capable device",
        "CUDNN_STATUS_EXECUTION_FAILED", "CUBLAS_STATUS_EXECUTION_FAILED",
    ];

    /// <summary>Whether an error says that the card has failed.</summary>
    public static bool Is(Exception error) => error switch
    {
        StarKvDeviceException => true,
        StarKvException => false,
        ExternalException => !MemoryShortage.Is(error)
            && Array.Exists(s_phrases, p => error.Message.Contains(p, StringComparison.OrdinalIgnoreCase)),
        AggregateException many => many.InnerExceptions.Any(Is),
        _ => false,
    };

    /// <summary>The error as callers get it.</summary>
    public static StarKvDeviceException Told(Exception error) => error as StarKvDeviceException ?? new StarKvDeviceException(
        $"The card has failed: {error.Message.Split('\n')[0]} Every further request fails; start the process again, and look at nvidia-smi "
        + $"and the system's log if it comes back.", error);
}
