using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Input;

namespace StarKV.Fuzz.Targets;

/// <summary>A <c>preprocessor_config.json</c> or <c>processor_config.json</c>, and a small screenshot resized by it.</summary>
internal sealed class PreprocessorTarget(Scratch scratch) : IFuzzTarget
{
    // A model's own limits allow 12.8 MP: a file that asks for more than twice as much is read, and not resized by.
    private const long MostPixels = 4_000_000;
    private readonly string _folder = scratch.Sub("preprocessor");
    private readonly Screenshot _screen = Screenshot.FromRgb(new byte[60 * 40 * 3], 60, 40);

    public string Name => "preprocessor";

    public int InputsARound => 5_000;

    public IReadOnlyList<IMutation> Mutations { get; } =
        Mutate.Mutations.OfJson("min_pixels", "max_pixels", "patch_size", "merge_size", "temporal_patch_size", "shortest_edge", "longest_edge", "image_mean", "image_std", "image_processor");

    public IEnumerable<byte[]> Seeds()
    {
        yield return SeedFiles.Read("models/mini/preprocessor_config.json");
        yield return Encoding.UTF8.GetBytes("""{"image_processor":{"size":{"shortest_edge":3136,"longest_edge":12845056},"patch_size":14,"temporal_patch_size":2,"merge_size":2}}""");
        yield return Encoding.UTF8.GetBytes("""{"size":{"min_pixels":3136,"max_pixels":200704}}""");
    }

    public string Run(byte[] input)
    {
        // Both names stand for the same form, but for the nesting.
        var isNested = input.AsSpan().IndexOf("image_processor\""u8) >= 0;
        File.WriteAllBytes(Path.Combine(_folder, isNested ? "processor_config.json" : "preprocessor_config.json"), input);
        File.Delete(Path.Combine(_folder, isNested ? "preprocessor_config.json" : "processor_config.json"));
        var config = PreprocessorConfig.Load(_folder);
        var (width, height) = config.Resize.Fit(_screen.Width, _screen.Height);
        BrokenPromiseException.Unless(width > 0 && height > 0 && width % config.Resize.Factor == 0 && height % config.Resize.Factor == 0, "the resized sides are no multiples of the factor");
        var image = (long)width * height <= MostPixels ? _screen.ForModel(config.Resize) : null;
        return $"{isNested} {config.PatchSize} {config.MergeSize} {image is null} {image?.Grid}";
    }
}
