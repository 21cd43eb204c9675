using StarKV.Input;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>One task of a benchmark: what the model sees, what it is asked, and how its answer is judged.</summary>
/// <param name="Id">Unique in the benchmark, and the same in every run.</param>
/// <param name="Instruction">What to do, in words.</param>
public sealed record EvalTask(string Id, string Instruction)
{
    /// <value>Makes or reads what the model sees; what it throws is recorded as the sample's error.</value>
    public required Func<TaskInput> Open { get; init; }

    /// <value>Where the instruction stands; null (default) as the prompt style has it.</value>
    public InstructionPosition? Position { get; init; }

    /// <value>Facets by which results are split, such as <c>kind</c> = <c>Icon</c>; the same names for every task of a benchmark.</value>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <value>Where a click is right, in pixels of the last screenshot, for pictures; null (default) when the answer is no click or no such place is known.</value>
    public PixelBox? Target { get; init; }

    /// <value>Says whether an answer is right. Never throws for anything that a model may write.</value>
    public required Func<GroundingAnswer, Verdict> Judge { get; init; }
}

/// <summary>What the model sees.</summary>
/// <param name="Screens">Screenshots, oldest first, at least one.</param>
/// <param name="PastActions">One earlier answer for each screenshot but the last, or none.</param>
public sealed record TaskInput(IReadOnlyList<Screenshot> Screens, IReadOnlyList<string> PastActions);

/// <summary>What became of an answer.</summary>
public enum Verdict
{
    /// <summary>The action is right.</summary>
    Right,

    /// <summary>There is an action, and it is not right.</summary>
    Wrong,

    /// <summary>The answer holds no action that can be read. It counts as not right.</summary>
    Unreadable,
}
