using System.Runtime.InteropServices;

namespace StarKV.Runtime.Cuda;

/// <summary>The few functions of the CUDA driver that launch kernels of our own, in the context that torch has made current on this thread.</summary>
internal static partial class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int MaxDynamicSharedBytes = 8, CapabilityMajor = 75, CapabilityMinor = 76, MaxSharedBytes = 97;

    /// <summary>The card's compute capability, 90 for 9.0.</summary>
    public static int Capability(int device)
    {
        Check(GetAttribute(out var major, CapabilityMajor, device), "cuDeviceGetAttribute");
        Check(GetAttribute(out var minor, CapabilityMinor, device), "cuDeviceGetAttribute");
        return 10 * major + minor;
    }

    /// <summary>The most shared memory that a block can be given, in bytes.</summary>
    public static int SharedBytes(int device)
    {
        Check(GetAttribute(out var bytes, MaxSharedBytes, device), "cuDeviceGetAttribute");
        return bytes;
    }

    /// <summary>Loads machine code into the current context.</summary>
    public static nint LoadModule(byte[] image)
    {
        Check(ModuleLoadData(out var module, image), "cuModuleLoadData");
        return module;
    }

    /// <summary>Finds a kernel of a module.</summary>
    public static nint Function(nint module, string name)
    {
        Check(ModuleGetFunction(out var function, module, name), $"cuModuleGetFunction {name}");
        return function;
    }

    /// <summary>Lets a kernel use more than the usual 48 KiB of dynamic shared memory.</summary>
    public static void AllowShared(nint function, int bytes) => Check(SetAttribute(function, MaxDynamicSharedBytes, bytes), "cuFuncSetAttribute");

    /// <summary>Queues a kernel on the default stream, the one on which TorchSharp queues everything.</summary>
    public static unsafe void Launch(nint function, Grid grid, int threads, int sharedBytes, ReadOnlySpan<KernelArgument> arguments)
    {
        // The driver wants the address of each argument; every argument has eight bytes of its own, of which it reads as many as the kernel declares.
        fixed (KernelArgument* values = arguments)
        {
            var addresses = stackalloc void*[arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
                addresses[i] = values + i;
            Check(LaunchKernel(function, grid.X, grid.Y, grid.Z, threads, 1, 1, sharedBytes, 0, addresses, null), "cuLaunchKernel");
        }
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new InvalidOperationException($"The CUDA driver answers {result} to {call}.");
    }

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuModuleLoadData")]
    private static partial int ModuleLoadData(out nint module, byte[] image);

    [LibraryImport(Library, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(Library, EntryPoint = "cuFuncSetAttribute")]
    private static partial int SetAttribute(nint function, int attribute, int value);

    [LibraryImport(Library, EntryPoint = "cuLaunchKernel")]
    private static unsafe partial int LaunchKernel(
        nint function, int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int sharedBytes, nint stream, void** arguments, void** extra);
}

/// <summary>Blocks of a launch.</summary>
internal readonly record struct Grid(int X, int Y = 1, int Z = 1);
