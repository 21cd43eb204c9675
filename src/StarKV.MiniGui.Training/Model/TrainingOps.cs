using System.Runtime.InteropServices;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Model;

/// <summary>The TorchScript operations of <c>TrainingOps.py</c>, which build on the engine's, compiled once a process.</summary>
internal static unsafe class TrainingOps
{
    private static readonly ScriptUnit s_unit = new(TorchOps.Source, ("StarKV.MiniGui.Training.Model.TrainingOps.py", typeof(TrainingOps)));

    public static Tensor Call(string name, params object[] arguments) => (Tensor)s_unit.Invoke(name, arguments);

    /// <summary>One decoder layer's rotated queries [H, L, d] and keys and values [G, L, d] for x [L, D].</summary>
    public static (Tensor Queries, Tensor Keys, Tensor Values) DecoderRotated(
        Tensor x, Tensor norm, Tensor qkv, Tensor qkvBias, Tensor cos, Tensor sin, int heads, int kvHeads, double eps)
    {
        var result = ((Tensor, Tensor, Tensor))s_unit.Invoke("decoder_rotated", x, norm, qkv, qkvBias, cos, sin, heads, kvHeads, eps);
        return result;
    }

    /// <summary>Makes TorchScript run its operations one by one, as written, in this process.</summary>
    /// <remarks>
    /// By default it profiles the first calls, then fuses and differentiates by itself, anew for shapes it has not seen; batches have many shapes,
    /// so that training would wait for compilers. libtorch has a switch for this that TorchSharp does not bind; where it is missing, training
    /// is slower at its start and otherwise the same.
    /// </remarks>
    public static void RunAsWritten()
    {
        var library = NativeLibrary.Load(Path.Combine(LibTorch.Load().Folder, "libtorch_cpu.so"));
        if (NativeLibrary.TryGetExport(library, "_ZN5torch3jit16getProfilingModeEv", out var mode))
            *((delegate* unmanaged<byte*>)mode)() = 0;
    }
}
