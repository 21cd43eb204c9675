using System.IO.Hashing;
using StarKV.AdaptTorchSharp;

// Writes TorchSharp's native library as it loads on systems with a libstdc++ older than 13, and the hashes of both: AdaptTorchSharp SOURCE TARGET HASHES.
// Called by the build of StarKV (docs/decisions/0002-loading-libtorch.md).
var (source, target, hashes) = (args[0], args[1], args[2]);
var image = File.ReadAllBytes(source);
var original = Hash();
try
{
    ElfCompatibility.Patch(image);
}
catch (InvalidDataException e)
{
    Console.Error.WriteLine($"{source}: error: {e.Message}");
    return 1;
}

var temporary = $"{target}.{Environment.ProcessId}.tmp";
File.WriteAllBytes(temporary, image);
File.Move(temporary, target, overwrite: true);
File.WriteAllText(hashes, $"{original} {Path.GetFileName(source)}\n{Hash()} {Path.GetFileName(target)}\n");
return 0;

string Hash() => Convert.ToHexStringLower(XxHash128.Hash(image));
