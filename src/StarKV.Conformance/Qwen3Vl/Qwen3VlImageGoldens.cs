using System.Security.Cryptography;
using System.Text.Json;
using StarKV.Input;
using StarKV.Models;

namespace StarKV.Conformance.Qwen3Vl;

/// <summary>
/// Preprocessed images of the published processor's Pillow path, which is ours: every pixel must agree. Cases of its torchvision path,
/// which differs by up to 2 of 255, are passed over.
/// </summary>
internal sealed class Qwen3VlImageGoldens : IVectorKind
{
    private const string Group = "qwen3vl-image";

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("smart_resize_32", out _) && root.TryGetProperty("cases", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var pixels = ModelRegistry.Families.Single(f => f.ModelType == root.Text("family")).Pixels;
        var table = root.Member("smart_resize_32");
        var ours = root.List("cases").Where(test => test.TryGetProperty("equals_pillow_bicubic", out _));
        return VectorJson.Each(
            ours, "", Group, (test, _) => test.Text("name"),
            (test, name) => [CaseResult.Of(Group, name, Difference(folder, test, pixels))])
            .Concat(table.Each("rows", Group, (row, _) => "smart_resize_32", (row, _) => Size(row, table.Whole("factor"), pixels)));
    }

    private static CaseResult Size(JsonElement row, int factor, PreprocessorConfig pixels)
    {
        var n = row.EnumerateArray().Take(4).Select(v => v.GetInt64()).ToArray();
        var limits = pixels with { MinPixels = n[2], MaxPixels = n[3] };
        var want = row[4].ValueKind == JsonValueKind.String ? "an error" : $"[{row[4][0]}, {row[4][1]}]";
        string got;
        try
        {
            var (width, height) = limits.Resize.Fit((int)n[1], (int)n[0]);
            got = limits.Resize.Factor == factor ? $"[{height}, {width}]" : $"factor {limits.Resize.Factor}";
        }
        catch (StarKvException)
        {
            got = "an error";
        }

        return CaseResult.Of(Group, $"smart_resize h{n[0]} w{n[1]} {n[2]}..{n[3]}", got == want ? null : $"got {got}, want {want}");
    }

    private static string? Difference(string folder, JsonElement test, PreprocessorConfig pixels)
    {
        var limits = pixels with { MinPixels = test.Long("min_pixels"), MaxPixels = test.Long("max_pixels") };
        var image = Screenshot.Load(Path.Combine(folder, test.Text("source"))).ForModel(limits.Resize);
        var grid = test.Member("grid_thw").Longs();
        if ((image.Grid.Height, image.Grid.Width) != ((int)grid[1], (int)grid[2]))
            return $"grid {image.Grid.Height}×{image.Grid.Width}, want {grid[1]}×{grid[2]}";
        if (Convert.ToHexStringLower(SHA256.HashData(image.Rgb)) != test.Text("resized_uint8_sha256"))
            return "the SHA-256 of the resized pixels differs";
        var tensors = VectorTensors.Load(Path.Combine(folder, test.Text("file")));
        return Row(image, 0, tensors.Floats("pixel_values_first"), pixels)
            ?? Row(image, image.Grid.Patches - 1, tensors.Floats("pixel_values_last"), pixels);
    }

    private static string? Row(ModelImage image, int row, double[] want, PreprocessorConfig pixels)
    {
        var got = new float[PatchMatrix.Numbers(image.Grid)];
        PatchMatrix.WriteRow(
            image, row, got, (pixel, channel) => (float)((pixel / 255f - pixels.ImageMean[channel]) / pixels.ImageStd[channel]));
        if (got.Length != want.Length)
            return $"a row has {got.Length} numbers, want {want.Length}";
        var at = Enumerable.Range(0, want.Length).FirstOrDefault(i => Math.Abs(got[i] - want[i]) > 2e-6, -1);
        return at < 0 ? null : $"row {row}[{at}] is {got[at]:0.#######}, want {want[at]:0.#######}";
    }
}
