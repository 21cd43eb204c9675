using StarKV.AdaptTorchSharp;

// Writes TorchSharp's native library as it loads on systems with a libstdc++ older than 13: AdaptTorchSharp SOURCE TARGET.
// Called by the build of StarKV (docs/decisions/0002-loading-libtorch.md).
var (source, target) = (args[0], args[1]);
var image = File.ReadAllBytes(source);
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
return 0;
