using System.Text.Encodings.Web;
using System.Text.Json;
using StarKV.Files;
using StarKV.MiniGui.Draw;

namespace StarKV.MiniGui.Dataset;

/// <summary>Writes samples as a folder: PNG files and one <c>minigui.json</c>, a list of <see cref="DatasetRow"/>.</summary>
public static class DatasetWriter
{
    /// <value>The name of the JSON file in the folder.</value>
    public const string FileName = "minigui.json";

    private const string What = "samples";

    /// <summary>How rows are written.</summary>
    internal static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Looks whether <see cref="Write"/> may write a folder, before anything is drawn.</summary>
    /// <param name="folder">A folder that does not exist, or is empty.</param>
    /// <exception cref="IOException">The folder holds something, or cannot be written.</exception>
    public static void Check(string folder) => OutputFolder.Check(folder, What);

    /// <summary>Writes the folder; it appears with everything in it or not at all.</summary>
    /// <param name="folder">A folder that does not exist, or is empty.</param>
    /// <param name="samples">The samples, drawn one after the other.</param>
    /// <param name="cancellation">Stops between samples and leaves no files.</param>
    /// <returns>The rows of the JSON file.</returns>
    /// <exception cref="IOException">The folder holds something or cannot be written.</exception>
    public static IReadOnlyList<DatasetRow> Write(string folder, IEnumerable<Sample> samples, CancellationToken cancellation = default)
    {
        IReadOnlyList<DatasetRow> rows = [];
        OutputFolder.Make(folder, What, null, draft => rows = WriteFiles(draft, samples, cancellation));
        return rows;
    }

    private static List<DatasetRow> WriteFiles(string folder, IEnumerable<Sample> samples, CancellationToken cancellation)
    {
        using var painter = new ScreenPainter();
        var rows = new List<DatasetRow>();
        foreach (var (number, sample) in samples.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            // Frames after the last question are seen by none.
            var frames = sample.Frames.Take(sample.Questions.Max(q => q.Frame) + 1).ToList();
            var pictures = frames.Select((_, frame) => $"{number:D5}_{frame}.png").ToList();
            foreach (var (picture, screen) in pictures.Zip(frames))
                NewFile.Write(Path.Combine(folder, picture), painter.Png(screen));
            var checksums = frames.Select(painter.Checksum).ToList();
            rows.AddRange(
                sample.Questions.Select((question, i) => DatasetRow.Of(sample, question, $"{number:D5}-{i:D2}", pictures, checksums)));
        }

        NewFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(rows, Json));
        return rows;
    }
}
