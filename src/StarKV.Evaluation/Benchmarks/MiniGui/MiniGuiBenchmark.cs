using System.Security.Cryptography;
using StarKV.Evaluation.Metrics;
using StarKV.Files;
using StarKV.Input;
using StarKV.MiniGui;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Tasks;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>MiniGui-Bench: tasks of the synthetic GUI world, drawn again from their seeds and checked against the manifest.</summary>
/// <param name="manifest">The tasks; default those that come with the program.</param>
/// <param name="name">Their name in results; default the benchmark's.</param>
/// <param name="thoughts">
/// Whether earlier answers in prompts begin with a thought, as those of a model do that was trained with thoughts; default false. Pictures,
/// instructions and what is right do not depend on it.
/// </param>
public sealed class MiniGuiBenchmark(
    IReadOnlyList<MiniGuiTask>? manifest = null, string name = MiniGuiManifest.Name, bool thoughts = false) : IBenchmark
{
    /// <summary>Longest answer in tokens of a model that thinks; its thoughts have at most 25, their label 6, an action 16.</summary>
    public const int TokensWithThoughts = 96;

    /// <summary>The end of the names of results with thoughts.</summary>
    public const string ThoughtsSuffix = "+thoughts";

    /// <summary>A benchmark's name without <see cref="ThoughtsSuffix"/>: results of one such name are of equal tasks.</summary>
    internal static string WithoutThoughts(string name) =>
        name.EndsWith(ThoughtsSuffix, StringComparison.Ordinal) ? name[..^ThoughtsSuffix.Length] : name;

    /// <inheritdoc/>
    public string Name => thoughts ? name + ThoughtsSuffix : name;

    /// <summary>
    /// The benchmark, or the tasks of another manifest's file; results of those carry the file's name and the first digits of its checksum.
    /// </summary>
    /// <param name="path">The file; null for the benchmark's own tasks.</param>
    /// <param name="thoughts">Whether earlier answers begin with a thought; default false.</param>
    /// <param name="name">The version's name, where <paramref name="path"/> is null; default version 1.</param>
    public static MiniGuiBenchmark Of(string? path, bool thoughts = false, string name = MiniGuiManifest.Name) => path is null
        ? new(MiniGuiManifest.Load(name), name, thoughts)
        : new(
            MiniGuiManifest.Read(path),
            $"{Path.GetFileNameWithoutExtension(path)}@{Convert.ToHexStringLower(SHA256.HashData(PlainFile.ReadAllBytes(path)))[..8]}",
            thoughts);

    /// <inheritdoc/>
    public IReadOnlyList<EvalTask> Tasks { get; } = All(manifest ?? MiniGuiManifest.Load(), thoughts);

    private static List<EvalTask> All(IReadOnlyList<MiniGuiTask> tasks, bool thoughts)
    {
        var isHard = tasks.Any(task => task.Challenge is not null);
        return [.. tasks.Select(task => Of(task, thoughts, isHard))];
    }

    private static EvalTask Of(MiniGuiTask task, bool thoughts, bool isHard)
    {
        var box = task.Box is [var x, var y, var width, var height] ? new PixelBox(x, y, x + width, y + height) : (PixelBox?)null;
        return new EvalTask(task.Id, task.Instruction)
        {
            Open = () => Drawn(task, thoughts).Input,
            Steps = task.Form is TaskForm.First ? () => Steps(task, thoughts, Judge) : null,
            Position = task.Form is TaskForm.First ? InstructionPosition.First : InstructionPosition.Last,
            Labels = MiniGuiLabels.Of(task, isHard),
            Target = _ => box,
            Expected = box is null ? $"type \"{task.Typed}\"" : null,
            Judge = Judge,
        };

        Judgement Judge(GroundingAnswer answer) =>
            box is { } target ? ClickInBox.Judge(answer, target) : ExactText.Judge(answer, task.Typed!);
    }

    private static List<TaskStep> Steps(MiniGuiTask task, bool thoughts, Func<GroundingAnswer, Judgement> judgeLast)
    {
        var (drawing, input) = Drawn(task, thoughts);
        var last = input.Screens.Count - 1;
        return [.. input.Screens.Select((screen, i) => i == last
            ? new TaskStep(screen, drawing.Question.Answer) { Kind = LabelNames.Of(task.Kind), Judge = judgeLast }
            : Earlier(screen, drawing.PastActions[i], drawing.Steps[i]))];
    }

    private static TaskStep Earlier(Screenshot screen, string action, Question? question) => new(screen, action)
    {
        Kind = question is null ? null : LabelNames.Of(question.Kind),
        Judge = JudgeOf(question),
    };

    /// <summary>How an earlier step is judged: as a task of its kind would be; null where nothing is asked.</summary>
    private static Func<GroundingAnswer, Judgement>? JudgeOf(Question? question)
    {
        if (question?.Target is { } box)
            return answer => ClickInBox.Judge(answer, new PixelBox(box.X, box.Y, box.Right, box.Bottom));
        return question is { Kind: TaskKind.TypeGiven or TaskKind.RecallWord }
            ? answer => ExactText.Judge(answer, question.Subject)
            : null;
    }

    private static (MiniGuiDrawing Drawing, TaskInput Input) Drawn(MiniGuiTask task, bool thoughts)
    {
        var drawing = MiniGuiDrawing.Of(task.Seed, task.Split, task.Form, task.Kind, task.Size, thoughts, task.Challenge)
            ?? throw new StarKvException(
                $"{MiniGuiManifest.Name}: task {task.Id} is not drawn by seed {task.Seed} "
                    + $"any more; results of this build cannot be compared with others.");
        if (drawing.Question.Instruction != task.Instruction
            || drawing.Question.Action != task.Expected
            || drawing.Frames.Count != task.Sha256.Count)
            throw new StarKvException(
                $"{MiniGuiManifest.Name}: task {task.Id} is drawn as \"{drawing.Question.Instruction}\" "
                    + $"with {drawing.Frames.Count} frame(s) and the answer {drawing.Question.Action}; the "
                    + $"manifest says \"{task.Instruction}\", {task.Sha256.Count} and {task.Expected}.");
        using var painter = new ScreenPainter();
        return (drawing, new TaskInput([.. drawing.Frames.Select((screen, frame) =>
        {
            var rgb = painter.Paint(screen);
            var hash = Convert.ToHexStringLower(SHA256.HashData(rgb));
            return hash == task.Sha256[frame]
                ? Screenshot.FromRgb(rgb, screen.Size.Width, screen.Size.Height, $"{task.Id}/{frame}")
                : throw new StarKvException(
                    $"{MiniGuiManifest.Name}: frame {frame} of task {task.Id} is drawn with checksum {hash}; the "
                        + $"manifest says {task.Sha256[frame]}. Another version of SkiaSharp may draw other pixels.");
        })], drawing.PastActions));
    }
}
