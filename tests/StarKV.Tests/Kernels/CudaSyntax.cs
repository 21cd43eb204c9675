using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace StarKV.Tests.Kernels;

/// <summary>Reads CUDA C++ as a compiler does, by libclang, on machines without a card or NVIDIA's compiler.</summary>
internal static unsafe class CudaSyntax
{
    private const string Source = "kernels.cu", Prelude = "Nvrtc.cuh";

    /// <summary>Where the compiler is told that the prelude lies; no such folder is needed.</summary>
    private const string PreludeFile = "/kernels/" + Prelude;

    private static readonly string[] s_arguments =
    [
        "-x", "cuda", "-std=c++17", "--cuda-gpu-arch=sm_90", "--cuda-device-only", "-nocudainc", "-nocudalib", "-nostdinc", "-Wno-unknown-cuda-version",
        "-ferror-limit=0", "-include", PreludeFile,
    ];

    private static readonly nint s_library = NativeLibrary.Load(
        typeof(CudaSyntax).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "libclang").Value!);

    /// <summary>Errors of a source, one a line, as <c>kernels.cu:3:5: error: …</c>; none when it compiles.</summary>
    /// <param name="source">CUDA C++ that needs no header, for a card of compute capability 9.0.</param>
    public static IReadOnlyList<string> Errors(string source)
    {
        using var prelude = new StreamReader(typeof(CudaSyntax).Assembly.GetManifestResourceStream(Prelude)!);
        var known = prelude.ReadToEnd();
        var strings = s_arguments.Append(Source).Append(source).Append(PreludeFile).Append(known).Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        var index = ((delegate* unmanaged<int, int, nint>)Export("clang_createIndex"))(0, 0);
        nint unit = 0;
        try
        {
            UnsavedFile[] files =
            [
                new(strings[^4], strings[^3], (nuint)Encoding.UTF8.GetByteCount(source)),
                new(strings[^2], strings[^1], (nuint)Encoding.UTF8.GetByteCount(known)),
            ];
            fixed (nint* arguments = strings)
            fixed (UnsavedFile* first = files)
            {
                var parse = (delegate* unmanaged<nint, nint, nint*, int, UnsavedFile*, uint, uint, nint*, int>)Export("clang_parseTranslationUnit2");
                Assert.Equal(0, parse(index, strings[^4], arguments, s_arguments.Length, first, (uint)files.Length, 0, &unit));
            }

            return Diagnostics(unit);
        }
        finally
        {
            if (unit != 0)
                ((delegate* unmanaged<nint, void>)Export("clang_disposeTranslationUnit"))(unit);
            ((delegate* unmanaged<nint, void>)Export("clang_disposeIndex"))(index);
            Array.ForEach(strings, Marshal.FreeCoTaskMem);
        }
    }

    private static List<string> Diagnostics(nint unit)
    {
        const int errorOrFatal = 3;
        const uint asClangPrintsThem = 0x01 | 0x02;
        var count = ((delegate* unmanaged<nint, uint>)Export("clang_getNumDiagnostics"))(unit);
        var errors = new List<string>();
        for (var i = 0u; i < count; i++)
        {
            var diagnostic = ((delegate* unmanaged<nint, uint, nint>)Export("clang_getDiagnostic"))(unit, i);
            if (((delegate* unmanaged<nint, int>)Export("clang_getDiagnosticSeverity"))(diagnostic) >= errorOrFatal)
                errors.Add(Text(((delegate* unmanaged<nint, uint, ClangString>)Export("clang_formatDiagnostic"))(diagnostic, asClangPrintsThem)));
            ((delegate* unmanaged<nint, void>)Export("clang_disposeDiagnostic"))(diagnostic);
        }

        return errors;
    }

    private static string Text(ClangString value)
    {
        var text = Marshal.PtrToStringUTF8(((delegate* unmanaged<ClangString, nint>)Export("clang_getCString"))(value))!;
        ((delegate* unmanaged<ClangString, void>)Export("clang_disposeString"))(value);
        return text;
    }

    private static nint Export(string name) => NativeLibrary.GetExport(s_library, name);

    private readonly record struct UnsavedFile(nint Name, nint Contents, nuint Length);

    private readonly record struct ClangString(nint Data, uint Flags);
}
