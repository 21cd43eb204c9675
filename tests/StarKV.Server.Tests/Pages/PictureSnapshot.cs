using StarKV.Input;

namespace StarKV.Server.Tests.Pages;

/// <summary>
/// Pictures of pages, compared with files in the folder <c>Snapshots</c> as somebody would from afar: numbers and fonts may differ, the
/// layout and the colours may not. With STARKV_UPDATE_DOCS=1 the file is written instead.
/// </summary>
internal static class PictureSnapshot
{
    private const int Tile = 20;

    /// <summary>Share of tiles whose mean colour may be another one, and from what difference on it is, of 255.</summary>
    private const double MostOthers = 0.06;

    private const int Other = 24;

    public static void Check(string name, byte[] png)
    {
        var file = Path.Combine(Snapshot.Folder, name);
        if (Environment.GetEnvironmentVariable(Snapshot.Variable) == "1")
        {
            File.WriteAllBytes(file, png);
            return;
        }

        var (expected, seen) = (Tiles(Screenshot.Load(file)), Tiles(Screenshot.Decode(png, name)));
        Assert.Equal(expected.Count, seen.Count);
        var others = expected.Zip(seen).Count(t => t.First.Zip(t.Second).Any(c => Math.Abs(c.First - c.Second) > Other));
        Assert.True(
            others <= MostOthers * seen.Count,
            $"{others} of {seen.Count} parts of the page do not look as in Snapshots/{name}; if that is right, run with {Snapshot.Variable}=1.");
    }

    private static List<double[]> Tiles(Screenshot picture)
    {
        var tiles = new List<double[]>();
        for (var y = 0; y + Tile <= picture.Height; y += Tile)
        {
            for (var x = 0; x + Tile <= picture.Width; x += Tile)
                tiles.Add(Mean(picture, x, y));
        }

        return tiles;
    }

    private static double[] Mean(Screenshot picture, int left, int top)
    {
        var sum = new double[3];
        for (var i = 0; i < Tile * Tile; i++)
        {
            for (var c = 0; c < 3; c++)
                sum[c] += picture.Rgb[((top + i / Tile) * picture.Width + left + i % Tile) * 3 + c];
        }

        return Array.ConvertAll(sum, s => s / (Tile * Tile));
    }
}
