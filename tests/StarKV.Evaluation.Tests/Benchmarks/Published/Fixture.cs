using System.Text.Json;
using SkiaSharp;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

/// <summary>An invented benchmark on the disk: files in their true form, small pictures drawn here.</summary>
internal sealed class Fixture : IDisposable
{
    private readonly TempFolder _temp = new();

    /// <summary>The benchmark's folder.</summary>
    public string Path => _temp.Path;

    /// <summary>A folder or file in it.</summary>
    public string At(string path) => System.IO.Path.Combine(_temp.Path, path);

    /// <summary>Writes a JSON file.</summary>
    public void Json(string path, object value) => Text(path, JsonSerializer.Serialize(value));

    /// <summary>Writes a text file.</summary>
    public void Text(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Copies a file, or the files of a folder, of <c>tests/vectors/outside/data</c>.</summary>
    public void Outside(string from, string to)
    {
        var source = RepositoryFiles.Path(["tests", "vectors", "outside", "data", .. from.Split('/')]);
        foreach (var file in Directory.Exists(source) ? Directory.GetFiles(source) : [source])
        {
            var copy = Directory.Exists(source) ? At($"{to}/{System.IO.Path.GetFileName(file)}") : At(to);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Draws a picture: light, with a dark box in pixels.</summary>
    public void Png(string path, int width, int height, int x = 20, int y = 30, int boxWidth = 60, int boxHeight = 20)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), Picture(width, height, x, y, boxWidth, boxHeight));
    }

    /// <summary>The bytes of such a picture.</summary>
    public static byte[] Picture(int width, int height, int x = 20, int y = 30, int boxWidth = 60, int boxHeight = 20)
    {
        using var bitmap = new SKBitmap(width, height);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = SKColors.DarkBlue })
        {
            canvas.Clear(SKColors.WhiteSmoke);
            canvas.DrawRect(x, y, boxWidth, boxHeight, paint);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    public void Dispose() => _temp.Dispose();
}
