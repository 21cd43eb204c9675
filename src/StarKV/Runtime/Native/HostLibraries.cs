using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace StarKV.Runtime.Native;

/// <summary>The host's libraries, as far as TorchSharp's depends on them. Thread-safe.</summary>
[Experimental("STARKV001")]
public static class HostLibraries
{
    /// <summary>What TorchSharp 0.107 needs of libstdc++ 13.</summary>
    private const string Symbol = "_ZSt21ios_base_library_initv";

    /// <summary>True when the host's libstdc++ is older than 13, so that TorchSharp's library is adapted to it.</summary>
    public static bool AreOld() =>
        !NativeLibrary.TryLoad("libstdc++.so.6", out var handle) || !NativeLibrary.TryGetExport(handle, Symbol, out _);
}
