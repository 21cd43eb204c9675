using System.Text.Json;
using StarKV.Files;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Episodes;

namespace StarKV.MiniGui.Dataset;

/// <summary>Writes episodes as a folder: PNG files and one <c>episodes.json</c>, a list of <see cref="EpisodeRow"/>.</summary>
public static class EpisodeWriter
{
    /// <value>The name of the JSON file in the folder.</value>
    public const string FileName = "episodes.json";

    private const string What = "episodes";

    /// <summary>Looks whether <see cref="Write"/> may write a folder, before anything is drawn.</summary>
    /// <param name="folder">A folder that does not exist, or is empty.</param>
    /// <exception cref="IOException">The folder holds something, or cannot be written.</exception>
    public static void Check(string folder) => OutputFolder.Check(folder, What);

    /// <summary>Writes the folder; it appears with everything in it or not at all.</summary>
    /// <param name="folder">A folder that does not exist, or is empty.</param>
    /// <param name="episodes">The episodes, drawn one after the other.</param>
    /// <param name="cancellation">Stops between episodes and leaves no files.</param>
    /// <returns>The rows of the JSON file.</returns>
    /// <exception cref="IOException">The folder holds something or cannot be written.</exception>
    public static IReadOnlyList<EpisodeRow> Write(string folder, IEnumerable<Episode> episodes, CancellationToken cancellation = default)
    {
        IReadOnlyList<EpisodeRow> rows = [];
        OutputFolder.Make(folder, What, null, draft => rows = WriteFiles(draft, episodes, cancellation));
        return rows;
    }

    private static List<EpisodeRow> WriteFiles(string folder, IEnumerable<Episode> episodes, CancellationToken cancellation)
    {
        using var painter = new ScreenPainter();
        var rows = new List<EpisodeRow>();
        foreach (var (number, episode) in episodes.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var steps = new List<EpisodeStepRow>(episode.Steps.Count);
            foreach (var (place, step) in episode.Steps.Index())
            {
                var picture = $"{number:D5}_{place:D2}.png";
                NewFile.Write(Path.Combine(folder, picture), painter.Png(step.Screen));
                steps.Add(EpisodeStepRow.Of(step, picture, painter.Checksum(step.Screen)));
            }

            rows.Add(EpisodeRow.Of(episode, $"{number:D5}", steps));
        }

        NewFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(rows, DatasetWriter.Json));
        return rows;
    }
}
