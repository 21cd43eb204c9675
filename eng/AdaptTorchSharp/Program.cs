using System.IO.Hashing;
using StarKV.AdaptTorchSharp;

// Writes TorchSharp's native library as it loads on systems with a libstdc++ older than 13, the library that keeps scalars, and the
// hashes of all three: AdaptTorchSharp SOURCE TARGET SCALARS HASHES.
// Called by the build of StarKV (docs/decisions/0002-loading-libtorch.md, 0025-scalar-lifetime.md).
var (source, target) = (args[0], args[1]);
var (scalars, hashes) = (args[2], args[3]);
var original = File.ReadAllBytes(source);
var adapted = (byte[])original.Clone();
var shim = ScalarShim.Write();
try
{
    ElfCompatibility.Patch(adapted);
}
catch (InvalidDataException e)
{
    Console.Error.WriteLine($"{source}: error: {e.Message}");
    return 1;
}

Write(target, adapted);
Write(scalars, shim);
File.WriteAllText(hashes, Line(source, original) + Line(target, adapted) + Line(scalars, shim));
return 0;

static void Write(string path, byte[] bytes)
{
    var temporary = $"{path}.{Environment.ProcessId}.tmp";
    File.WriteAllBytes(temporary, bytes);
    File.Move(temporary, path, overwrite: true);
}

static string Line(string path, byte[] bytes) => $"{Convert.ToHexStringLower(XxHash128.Hash(bytes))} {Path.GetFileName(path)}\n";
