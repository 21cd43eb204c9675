using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace StarKV.Runtime.Native;

/// <summary>
/// Answers when TorchSharp asks for its native libraries and .NET does not find them: a TorchSharp call may come before
/// <see cref="LibTorch.Load"/>.
/// </summary>
internal static class TorchSharpHook
{
    /// <summary>Runs when this assembly is first used; loads nothing until TorchSharp asks.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp offers no other place to say where its libraries are.")]
    internal static void Register() =>
        (AssemblyLoadContext.GetLoadContext(
            typeof(TorchSharpHook).Assembly) ?? AssemblyLoadContext.Default).ResolvingUnmanagedDll += Resolve;

    private static nint Resolve(Assembly asking, string name)
    {
        if (asking.GetName().Name != "TorchSharp" || name is not ("torch_cpu" or "LibTorchSharp"))
            return 0;
        var info = LibTorch.LoadNative();
        return name == "LibTorchSharp" ? LibTorch.Binding : NativeLibrary.Load(Path.Combine(info.Folder, "libtorch_cpu.so"));
    }
}
