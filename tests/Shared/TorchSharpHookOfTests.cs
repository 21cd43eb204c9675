using System.Runtime.CompilerServices;
using StarKV.Runtime;

namespace StarKV.Tests;

/// <summary>Any test may be the first of its process that touches TorchSharp, whatever order they run in.</summary>
internal static class TorchSharpHookOfTests
{
    [ModuleInitializer]
    internal static void Register() => RuntimeHelpers.RunModuleConstructor(typeof(LibTorch).Module.ModuleHandle);
}
