using System.Globalization;
using StarKV.Input;
using StarKV.MiniGui;
using StarKV.MiniGui.Episodes;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;

/// <summary>MiniGui-Episodes: long conversations, which are given step by step alone; drawn again and compared with the list.</summary>
/// <param name="episodes">The episodes; default those that come with the program.</param>
public sealed class EpisodeBenchmark(IReadOnlyList<EpisodeTask>? episodes = null) : IBenchmark
{
    /// <inheritdoc/>
    public string Name => EpisodeManifest.Name;

    /// <inheritdoc/>
    public IReadOnlyList<EvalTask> Tasks { get; } = [.. (episodes ?? EpisodeManifest.Load()).Select(Of)];

    private static EvalTask Of(EpisodeTask task)
    {
        var last = task.Steps.Count - 1;
        var target = task.Steps[last].Box;
        var box = target is [var x, var y, var width, var height] ? new PixelBox(x, y, x + width, y + height) : (PixelBox?)null;
        return new EvalTask(task.Id, task.Instruction)
        {
            Open = () => new TaskInput(OpenedEpisode.Of(task).Screens, [.. task.Steps.SkipLast(1).Select(s => s.Expected)]),
            Steps = () => Steps(OpenedEpisode.Of(task)),
            Position = InstructionPosition.First,
            Labels = new Dictionary<string, string>
            {
                ["steps"] = task.Steps.Count.ToString(CultureInfo.InvariantCulture),
                ["split"] = LabelNames.Of(task.Split),
                ["size"] = task.Size.ToString(),
            },
            Target = _ => box,
            Expected = task.Steps[last].Expected,
            Judge = answer => OpenedEpisode.Of(task).Judge(last, answer),
        };
    }

    private static List<TaskStep> Steps(OpenedEpisode opened) => [.. opened.Episode.Steps.Select((step, i) =>
        new TaskStep(opened.Screens[i], step.Answer)
        {
            Text = step.Text,
            Kind = $"{LabelNames.Of(step.Question.Kind)}{(step.IsBeyond(EpisodeOptions.Default.Window) ? " beyond the window" : "")}",
            Judge = answer => opened.Judge(i, answer),
        })];
}
