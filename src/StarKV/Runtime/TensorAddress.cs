using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace StarKV.Runtime;

/// <summary>Where a tensor's numbers lie.</summary>
internal static class TensorAddress
{
    private static readonly nint s_dataOf = NativeLibrary.GetExport(LibTorch.Binding, "THSTensor_data");

    /// <summary>Where a tensor's first element lies; TorchSharp has the function but shows it only for the CPU.</summary>
    public static unsafe long Of(Tensor tensor)
    {
        var address = ((delegate* unmanaged<nint, nint>)s_dataOf)(tensor.Handle);
        GC.KeepAlive(tensor);
        return address;
    }
}
