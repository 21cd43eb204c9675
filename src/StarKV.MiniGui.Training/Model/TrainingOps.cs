using System.Runtime.InteropServices;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Model;

/// <summary>The TorchScript operations of <c>TrainingOps.py</c>, which build on the engine's, compiled once per process.</summary>
internal static unsafe class TrainingOps
{
    private static readonly ScriptUnit s_unit = new(TorchOps.Source, ("StarKV.MiniGui.Training.Model.TrainingOps.py", typeof(TrainingOps)));

    public static Tensor Call(string name, params object[] arguments) => (Tensor)s_unit.Invoke(name, arguments);

    /// <summary>Calls <paramref name="name"/>, which returns four tensors.</summary>
    public static (Tensor, Tensor, Tensor, Tensor) CallFour(string name, params object[] arguments) =>
        ((Tensor, Tensor, Tensor, Tensor))s_unit.Invoke(name, arguments);

    /// <summary>Makes TorchScript run its operations one by one, as written, in this process.</summary>
    /// <remarks>
    /// By default it profiles the first calls, then fuses and differentiates
    /// automatically, again for shapes it has not seen; batches have many shapes,
    /// so that training would wait for compilers. libtorch has a switch for
    /// this that TorchSharp does not bind; where it is missing, or with <see cref="LibTorch.PatchVariable"/> at 0,
    /// training is slower at its start and otherwise the same.
    /// See docs/decisions/0045-torchscript-as-written.md.
    /// </remarks>
    /// <returns>Whether it does from now on.</returns>
    public static bool RunAsWritten()
    {
        if (!LibTorch.MayPatch)
            return false;
        var library = NativeLibrary.Load(Path.Combine(LibTorch.Load().Folder, "libtorch_cpu.so"));
        if (!NativeLibrary.TryGetExport(library, "_ZN5torch3jit16getProfilingModeEv", out var mode))
            return false;
        *((delegate* unmanaged<byte*>)mode)() = 0;
        return true;
    }
}
