using StarKV.Score;
using StarKV.Tests.Models.Qwen3Vl;

namespace StarKV.Cli.Tests.Commands;

/// <summary><c>starkv inspect</c> on a Qwen3-VL folder with random weights.</summary>
public sealed class InspectQwen3VlTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Qwen3VlCheckpoint _checkpoint = new();

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_method_has_its_cache_and_cells_are_those_of_32_pixels()
    {
        using var screen = new SkiaSharp.SKBitmap(160, 96);
        screen.Erase(SkiaSharp.SKColors.SteelBlue);
        using var png = screen.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        var (image, page) = (_folder.Write("screen.png", png.ToArray()), _folder.File("page.html"));
        // The box lies in the second and third cell of the second row.
        var run = await CommandRun.Of(
            ["inspect", "--json", "--device", "cpu", "--model", _checkpoint.Folder, "--image", image, "--instruction", "Open the settings",
            "--box", "33,33,60,30", "--keep", "40%", "--out", page]);
        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);

        var frame = run.Json.GetProperty("prompt").GetProperty("frames")[0];
        Assert.Equal(5, frame.GetProperty("columns").GetInt32());
        var caches = run.Json.GetProperty("caches").EnumerateArray().ToDictionary(c => c.GetProperty("method").GetString()!);
        Assert.Equal(Methods.All.Select(m => m.Name).Order(), caches.Keys.Order());
        foreach (var (method, cache) in caches)
        {
            var kv = cache.GetProperty("kv");
            var rows = kv.GetProperty("rowsPerLayer").EnumerateArray().Sum(r => r.GetInt32());
            // Keys and values of four heads of 16 numbers in float32.
            Assert.Equal(rows * 2L * 4 * Qwen3VlCheckpoint.HeadDim * sizeof(float), kv.GetProperty("bytes").GetInt64());
            Assert.Equal(method == "full", kv.GetProperty("bytes").GetInt64() == kv.GetProperty("fullBytes").GetInt64());
            Assert.Equal(15, cache.GetProperty("keptShareOfCells")[0].GetArrayLength());
            var kept = cache.GetProperty("targetKeptShare").GetProperty("perLayer").EnumerateArray().Select(v => v.GetDouble()).ToList();
            Assert.Equal(Qwen3VlCheckpoint.Layers, kept.Count);
            // Each of four heads keeps none, one or both of the box's cells.
            Assert.All(kept, share => Assert.True(share is >= 0 and <= 1 && double.IsInteger(share * 8), $"{method}: {share}"));
            Assert.True(method != "full" || kept.TrueForAll(share => share == 1), "The full cache has lost a cell.");
        }

        Assert.Contains("star-kv", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
    }
}
