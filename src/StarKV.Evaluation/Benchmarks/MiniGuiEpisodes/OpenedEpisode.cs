using System.Security.Cryptography;
using StarKV.Evaluation.Metrics;
using StarKV.Input;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Episodes;

namespace StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;

/// <summary>An episode of the manifest, drawn again and compared with it.</summary>
/// <param name="Id">The episode's name in results.</param>
/// <param name="Episode">Instruction and steps.</param>
/// <param name="Screens">The steps' screens as a model sees them, oldest first.</param>
public sealed record OpenedEpisode(string Id, Episode Episode, IReadOnlyList<Screenshot> Screens)
{
    /// <summary>Draws an episode again.</summary>
    /// <param name="task">A line of the manifest.</param>
    /// <exception cref="StarKvException">Another episode is drawn than the manifest says; the step is named.</exception>
    public static OpenedEpisode Of(EpisodeTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var episode = EpisodePlan.Draw(task.Seed, task.Split, task.Size, task.Steps.Count);
        if (episode.Instruction != task.Instruction)
            throw new StarKvException(
                $"{EpisodeManifest.Name}: episode {task.Id} begins with \"{episode.Instruction}\"; the manifest says "
                    + $"\"{task.Instruction}\".");
        using var painter = new ScreenPainter();
        return new OpenedEpisode(task.Id, episode, [.. episode.Steps.Zip(task.Steps).Select((pair, i) =>
            Checked(task.Id, i, painter, pair.First, pair.Second))]);
    }

    /// <summary>Judges the first action of an answer to a step: a click inside the target's box, or the same text.</summary>
    /// <param name="step">The step's number, from 0.</param>
    /// <param name="answer">The answer to it.</param>
    public Verdict Judge(int step, GroundingAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var question = Episode.Steps[step].Question;
        return question.Target is { } box
            ? ClickInBox.Judge(answer, new PixelBox(box.X, box.Y, box.Right, box.Bottom))
            : ExactText.Judge(answer, question.Subject);
    }

    private static Screenshot Checked(string id, int place, ScreenPainter painter, EpisodeStep step, EpisodeTaskStep expected)
    {
        var rgb = painter.Paint(step.Screen);
        var hash = Convert.ToHexStringLower(SHA256.HashData(rgb));
        var drawn = EpisodeTaskStep.Of(step, hash);
        if (drawn.Text != expected.Text || drawn.Expected != expected.Expected)
            throw new StarKvException(
                $"{EpisodeManifest.Name}: step {place} of episode {id} is drawn as \"{drawn.Text}\" with the answer {drawn.Expected}; the "
                    + $"manifest says \"{expected.Text}\" and {expected.Expected}.");
        if (hash != expected.Sha256)
            throw new StarKvException(
                $"{EpisodeManifest.Name}: step {place} of episode {id} is drawn with checksum {hash}; the manifest says "
                    + $"{expected.Sha256}. Another version of SkiaSharp may draw other pixels.");
        return Screenshot.FromRgb(rgb, step.Screen.Size.Width, step.Screen.Size.Height, $"{id}/{place}");
    }
}
