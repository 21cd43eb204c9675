using StarKV.Runtime;

// Writes TorchSharp's native library as it loads on systems with a libstdc++ older than 13: AdaptTorchSharp SOURCE TARGET.
// Called by the build of StarKV (docs/decisions/0002-loading-libtorch.md).
var (source, target) = (args[0], args[1]);
var image = File.ReadAllBytes(source);
ElfCompatibility.Patch(image);
var temporary = $"{target}.{Environment.ProcessId}.tmp";
File.WriteAllBytes(temporary, image);
File.Move(temporary, target, overwrite: true);
