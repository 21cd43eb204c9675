using System.Security.Cryptography;
using System.Text.Json;
using StarKV.Input;

namespace StarKV.Conformance;

/// <summary>
/// Preprocessed images of the published processors. Ours is the Pillow path, so those cases must agree in every pixel; the
/// torchvision path's pixels differ by what the manifest states, and no more than that is allowed.
/// </summary>
internal sealed class ImageGoldens : IVectorKind
{
    private const string Group = "image";

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("processors", out _) && root.TryGetProperty("smart_resize", out _) && root.TryGetProperty("cases", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var table = root.Member("smart_resize");
        return root.Each(
            "cases", Group, (item, _) => item.Text("name"), (item, name) => CaseResult.Of(Group, name, FirstDifference(folder, item)))
            .Concat(table.Each("rows", Group, (row, _) => "smart_resize", (row, _) => SmartResizeRow(row, table.Whole("factor"))));
    }

    private static CaseResult SmartResizeRow(JsonElement row, int factor)
    {
        var n = row.EnumerateArray().Take(4).Select(v => v.GetInt64()).ToArray();
        // The table is the processor's, which counts a side of less than half a factor as 0.
        var resize = new SmartResize(n[2], n[3], factor, LiftThinSides: false);
        string got;
        try
        {
            var (width, height) = resize.Fit((int)n[1], (int)n[0]);
            got = $"[{height}, {width}]";
        }
        catch (StarKvException)
        {
            got = "error: ValueError";
        }

        var want = row[4].ValueKind == JsonValueKind.String ? row[4].GetString()! : $"[{row[4][0]}, {row[4][1]}]";
        return CaseResult.Of(Group, $"smart_resize h{n[0]} w{n[1]} {n[2]}..{n[3]}", got == want ? null : $"got {got}, want {want}");
    }

    private static string? FirstDifference(string folder, JsonElement item)
    {
        var resize = new SmartResize(item.Long("min_pixels"), item.Long("max_pixels"), LiftThinSides: false);
        var image = Screenshot.Load(Path.Combine(folder, item.Text("source"))).ForModel(resize);
        var grid = item.Member("grid_thw");
        if ((image.Grid.Height, image.Grid.Width) != (grid[1].GetInt32(), grid[2].GetInt32()))
            return $"grid {image.Grid.Height}×{image.Grid.Width}, want {grid[1]}×{grid[2]}";

        var tensors = VectorTensors.Load(Path.Combine(folder, item.Text("file")));
        return item.TryGetProperty("uint8_diff_vs_first", out var stated)
            ? AgreesWithin(image, item, tensors, stated.Whole("max"), stated.Number("mean"))
            : SamePixels(folder, image, item) ?? AgreesWithin(image, item, tensors, 0, 0);
    }

    private static string? SamePixels(string folder, ModelImage image, JsonElement item)
    {
        var want = Screenshot.Load(Path.Combine(folder, item.Text("resized_png")));
        if ((want.Width, want.Height) != (image.Width, image.Height))
            return $"resized to {image.Width}×{image.Height}, want {want.Width}×{want.Height}";
        var at = image.Rgb.AsSpan().CommonPrefixLength(want.Rgb);
        if (at < image.Rgb.Length)
            return $"pixel ({at / 3 % image.Width}, {at / 3 / image.Width}) channel {at % 3} is {image.Rgb[at]}, want {want.Rgb[at]}";
        return Convert.ToHexStringLower(SHA256.HashData(image.Rgb)) == item.Text("resized_uint8_sha256")
            ? null
            : "the SHA-256 of the resized pixels differs";
    }

    /// <summary>
    /// Compares the sum and the two stored rows, with room for pixels that differ by <paramref name="most"/>, on average
    /// <paramref name="mean"/>.
    /// </summary>
    private static string? AgreesWithin(ModelImage image, JsonElement item, VectorTensors tensors, int most, double mean)
    {
        var perLevel = 1 / 255.0 / PixelNormalisation.Std[1]; // the channel with the smallest deviation moves most
        var sum = PatchMatrix.TemporalSize * Enumerable.Range(0, image.Rgb.Length)
            .Sum(i => (double)PixelNormalisation.Apply(image.Rgb[i], i % 3));
        var (wantSum, values) = (item.Number("sum"), (double)image.Rgb.Length * PatchMatrix.TemporalSize);
        if (Math.Abs(sum - wantSum) > values * mean * perLevel + 1e-6 * item.Number("abs_sum"))
            return $"sum {sum:0.###}, want {wantSum:0.###}";

        Span<float> row = new float[PatchMatrix.RowLength];
        foreach (var (name, index) in new[] { ("pixel_values_first", 0), ("pixel_values_last", image.Grid.Patches - 1) })
        {
            PatchMatrix.WriteRow(image, index, row);
            var want = tensors.Floats(name);
            for (var i = 0; i < want.Length; i++)
                if (Math.Abs(row[i] - want[i]) > most * perLevel + 2e-6)
                    return $"{name}[{i}] is {row[i]:0.#######}, want {want[i]:0.#######}";
        }

        return null;
    }
}
