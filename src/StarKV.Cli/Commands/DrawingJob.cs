using StarKV.MiniGui;
using StarKV.MiniGui.Dataset;
using StarKV.MiniGui.Episodes;

namespace StarKV.Cli.Commands;

/// <summary>What <c>starkv minigui draw</c> writes: samples or episodes.</summary>
/// <param name="Noun">What one of them is called.</param>
/// <param name="FileName">The JSON file in the folder.</param>
/// <param name="MaxOnSheet">How many one picture shows at most.</param>
/// <param name="Check">Looks whether a folder may be written.</param>
/// <param name="Write">Writes the folder and returns how many tasks there are.</param>
/// <param name="Sheet">Draws the picture with all of them, a PNG file's bytes.</param>
internal sealed record DrawingJob(
    string Noun,
    string FileName,
    int MaxOnSheet,
    Action<string> Check,
    Func<string, CancellationToken, int> Write,
    Func<CancellationToken, byte[]> Sheet)
{
    public static DrawingJob Of(IEnumerable<Sample> samples) => new(
        "sample",
        DatasetWriter.FileName,
        60,
        DatasetWriter.Check,
        (folder, cancellation) => DatasetWriter.Write(folder, samples, cancellation).Count,
        cancellation => ContactSheet.Png([.. samples.Select(sample => Unless(sample, cancellation))]));

    public static DrawingJob Of(IEnumerable<Episode> episodes) => new(
        "episode",
        EpisodeWriter.FileName,
        6,
        EpisodeWriter.Check,
        (folder, cancellation) => EpisodeWriter.Write(folder, episodes, cancellation).Sum(row => row.Steps.Count),
        cancellation => EpisodeSheet.Png([.. episodes.Select(episode => Unless(episode, cancellation))]));

    private static T Unless<T>(T drawn, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return drawn;
    }
}
