using System.Runtime.InteropServices;
using System.Text;
using StarKV.Runtime;

namespace StarKV.Kernels;

/// <summary>NVIDIA's run-time compiler, which comes with every CUDA build of libtorch: CUDA C++ to machine code.</summary>
internal sealed unsafe class Nvrtc
{
    private const int OutOfMemory = 1;
    private readonly nint _library;

    private Nvrtc(nint library) => _library = library;

    /// <summary>Finds the compiler next to libtorch or where the system finds libraries; null when there is none.</summary>
    public static Nvrtc? Find(string libtorchFolder)
    {
        var beside = Directory.EnumerateFiles(libtorchFolder, "libnvrtc*.so*")
            .Where(f => !f.Contains("builtins", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        foreach (var name in beside.Concat(["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"]))
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return new Nvrtc(library);
        }

        return null;
    }

    /// <summary>Compiles one source file for a compute capability such as 90.</summary>
    /// <exception cref="InvalidOperationException">The compiler refuses it; the message holds its log.</exception>
    public byte[] Compile(string source, string name, int capability)
    {
        var create = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export("nvrtcCreateProgram");
        var compile = (delegate* unmanaged<nint, int, byte**, int>)Export("nvrtcCompileProgram");
        var destroy = (delegate* unmanaged<nint*, int>)Export("nvrtcDestroyProgram");
        nint program;
        var target = Text($"--gpu-architecture=sm_{capability}");
        fixed (byte* text = Text(source), title = Text(name), architecture = target, standard = Text("--std=c++17"))
        {
            Check(create(&program, text, title, 0, null, null), "nvrtcCreateProgram");
            try
            {
                var options = stackalloc byte*[] { architecture, standard };
                if (compile(program, 2, options) != 0)
                {
                    var log = Encoding.UTF8.GetString(Read(program, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog"));
                    throw new InvalidOperationException($"{name} does not compile for sm_{capability}: {log}");
                }

                return Read(program, "nvrtcGetCUBINSize", "nvrtcGetCUBIN");
            }
            finally
            {
                destroy(&program);
            }
        }
    }

    private byte[] Read(nint program, string sizeOf, string read)
    {
        nuint size;
        Check(((delegate* unmanaged<nint, nuint*, int>)Export(sizeOf))(program, &size), sizeOf);
        var bytes = new byte[(int)size];
        fixed (byte* to = bytes)
            Check(((delegate* unmanaged<nint, byte*, int>)Export(read))(program, to), read);
        return bytes;
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static void Check(int result, string call)
    {
        if (result == OutOfMemory)
            throw new StarKvMemoryException(
                $"There is not enough memory to compile the kernels: NVRTC says so to {call}. {MemoryShortage.SmallerRequest}");
        if (result != 0)
            throw new InvalidOperationException($"NVRTC answers {result} to {call}.");
    }
}
