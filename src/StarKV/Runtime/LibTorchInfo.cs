namespace StarKV.Runtime;

/// <summary>What <see cref="LibTorch.Load"/> loaded.</summary>
/// <param name="Folder">The folder with libtorch's libraries.</param>
/// <param name="Source">How the folder was found: <c>STARKV_LIBTORCH</c>, the application folder or the NuGet package.</param>
/// <param name="HasCuda">Whether it is a CUDA build.</param>
/// <param name="Adapted">
/// Whether TorchSharp's library was adapted to an older libstdc++ (see docs/decisions/0002-loading-libtorch.md).
/// </param>
/// <param name="ScalarsKept">
/// Whether numbers outlive the native calls that read them; where false, <see cref="ScalarsUnkept"/> says why
/// (see docs/decisions/0025-scalar-lifetime.md).
/// </param>
/// <param name="Version">TorchSharp's own libtorch version string.</param>
public sealed record LibTorchInfo(string Folder, string Source, bool HasCuda, bool Adapted, bool ScalarsKept, string Version)
{
    /// <summary>Why numbers may be freed while native code reads them, as the end of a sentence; null where they are kept.</summary>
    public string? ScalarsUnkept { get; init; }
}
