using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>One task of a benchmark: what the model sees, what it is asked, and how its answer is judged.</summary>
/// <param name="Id">Unique in the benchmark, and the same in every run.</param>
/// <param name="Instruction">What to do, in words.</param>
public sealed record EvalTask(string Id, string Instruction)
{
    /// <value>Makes or reads what the model sees; what it throws is recorded as the task's error, that of every cache.</value>
    public required Func<TaskInput> Open { get; init; }

    /// <value>
    /// Makes the steps in which the task can be given, oldest first, the last one with the screenshot of <see cref="Open"/>'s last; null
    /// (default) for a task that is one question. The instruction stands before them.
    /// </value>
    public Func<IReadOnlyList<TaskStep>>? Steps { get; init; }

    /// <value>Where the instruction stands; null (default) as the prompt style has it.</value>
    public InstructionPosition? Position { get; init; }

    /// <value>Facets by which results are split, such as <c>kind</c> = <c>Icon</c>; the same names for every task of a benchmark.</value>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <value>
    /// Where a click is right, in pixels of the last screenshot, for pictures; null
    /// (default), or a null box, when the answer is not a click or no such place is known.
    /// </value>
    public Func<Screenshot, PixelBox?>? Target { get; init; }

    /// <value>A right answer in words, for people; null (default) where the target says it all.</value>
    public string? Expected { get; init; }

    /// <value>Says whether an answer is right. Never throws for anything that a model may write.</value>
    public required Func<GroundingAnswer, Judgement> Judge { get; init; }

    /// <value>
    /// The step of the same trajectory before this one, which a run takes first;
    /// null (default) for a first step, and for a task that stands alone.
    /// </value>
    public EvalTask? Previous { get; init; }

    /// <value>
    /// The question that follows an answer which only moves the view; null, or a
    /// null task, when the answer stands. Follow-ups with equal ids are equal.
    /// </value>
    public Func<GroundingAnswer, EvalTask?>? Next { get; init; }

    /// <value>
    /// The question that an answer was given to, when follow-ups led away from this one; null (default) when it is always this one.
    /// </value>
    public Func<AnswerRecord, EvalTask>? AnsweredAt { get; init; }

    /// <value>The pictures without which it cannot be opened; default none, for pictures that are drawn.</value>
    public IReadOnlyList<TaskPicture> Pictures { get; init; } = [];

    /// <value>Why its row cannot be read, in one sentence, which <see cref="Open"/> throws; null (default) when it can.</value>
    public string? Fault { get; init; }

    /// <summary>The first step of the trajectory; the task itself when it stands alone.</summary>
    public EvalTask First => Previous?.First ?? this;

    /// <summary>The trajectory's steps before this one, oldest first.</summary>
    public IReadOnlyList<EvalTask> Earlier => Previous is null ? [] : [.. Previous.Earlier, Previous];
}

/// <summary>A picture that a task needs.</summary>
/// <param name="Name">Its path, or where in a data file it stands.</param>
/// <param name="IsThere">Looks for it, without reading more than that takes.</param>
public sealed record TaskPicture(string Name, Func<bool> IsThere)
{
    /// <summary>A picture that is a file.</summary>
    public static TaskPicture File(string path) => new(path, () => System.IO.File.Exists(path));
}

/// <summary>What the model sees.</summary>
/// <param name="Screens">Screenshots, oldest first, at least one.</param>
/// <param name="PastActions">One earlier answer for each screenshot but the last, or none.</param>
public sealed record TaskInput(IReadOnlyList<Screenshot> Screens, IReadOnlyList<string> PastActions)
{
    /// <value>
    /// The benchmark's own conversation; null (default) puts the instruction and the past actions in the model's prompt style.
    /// </value>
    public Conversation? Conversation { get; init; }
}

/// <summary>Makes the messages of a question.</summary>
/// <param name="grids">The merged grid of every screenshot, in order; each occurs in the messages once.</param>
/// <param name="earlier">
/// What the same cache answered to the trajectory's earlier steps, oldest first; null where a step was not answered.
/// </param>
public delegate IReadOnlyList<ChatMessage> Conversation(IReadOnlyList<MergedGrid> grids, IReadOnlyList<string?> earlier);
