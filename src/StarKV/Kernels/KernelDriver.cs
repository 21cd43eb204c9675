using System.Runtime.InteropServices;
using StarKV.Runtime.Cuda;

namespace StarKV.Kernels;

/// <summary>The few functions of the CUDA driver that load and launch custom kernels.</summary>
internal static partial class KernelDriver
{
    private const int MaxDynamicSharedBytes = 8, ProgrammaticStreamSerialization = 6;

    /// <summary>Loads machine code into the current context.</summary>
    public static nint LoadModule(byte[] image)
    {
        CudaDriver.Check(ModuleLoadData(out var module, image), "cuModuleLoadData");
        return module;
    }

    /// <summary>Finds a kernel of a module.</summary>
    public static nint Function(nint module, string name)
    {
        CudaDriver.Check(ModuleGetFunction(out var function, module, name), $"cuModuleGetFunction {name}");
        return function;
    }

    /// <summary>Lets a kernel use more than the usual 48 KiB of dynamic shared memory.</summary>
    public static void AllowShared(nint function, int bytes) =>
        CudaDriver.Check(SetAttribute(function, MaxDynamicSharedBytes, bytes), "cuFuncSetAttribute");

    /// <summary>
    /// Queues a kernel on the default stream, the one on which TorchSharp queues everything; with overlap it may start before the kernel
    /// ahead of it has ended.
    /// </summary>
    public static unsafe void Launch(
        nint function, Grid grid, Grid threads, int sharedBytes, ReadOnlySpan<KernelArgument> arguments, bool overlap)
    {
        // The driver wants the address of each argument, whose first eight bytes are its value; it reads as many as the kernel declares.
        fixed (KernelArgument* values = arguments)
        {
            var addresses = stackalloc void*[arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
                addresses[i] = values + i;
            var early = new LaunchAttribute { Id = ProgrammaticStreamSerialization, Value = 1 };
            var how = new LaunchConfig
            {
                Grid = grid,
                Threads = threads,
                SharedBytes = sharedBytes,
                Attributes = &early,
                Count = overlap ? 1 : 0,
            };
            CudaDriver.Check(LaunchKernel(&how, function, addresses, null), "cuLaunchKernelEx");
        }
    }

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuModuleLoadData")]
    private static partial int ModuleLoadData(out nint module, byte[] image);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuFuncSetAttribute")]
    private static partial int SetAttribute(nint function, int attribute, int value);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuLaunchKernelEx")]
    private static unsafe partial int LaunchKernel(LaunchConfig* how, nint function, void** arguments, void** extra);

    /// <summary>CUlaunchConfig.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct LaunchConfig
    {
        public Grid Grid, Threads;
        public int SharedBytes;
        public nint Stream;
        public LaunchAttribute* Attributes;
        public int Count;
    }

    /// <summary>CUlaunchAttribute: a number that says which, and 64 bytes of value.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    private struct LaunchAttribute
    {
        [FieldOffset(0)]
        public int Id;

        [FieldOffset(8)]
        public int Value;
    }
}
