using StarKV.Input;
using StarKV.Sessions;

namespace StarKV.Reports.Inspect;

/// <summary>One task, whose screenshots were given step by step to sessions that differ in their storage alone.</summary>
public sealed record SessionInspection
{
    /// <value>The screenshots, oldest first: one for each step.</value>
    public required IReadOnlyList<Screenshot> Screens { get; init; }

    /// <value>What was asked.</value>
    public required string Instruction { get; init; }

    /// <value>How the steps were read and answered, but for the storage.</value>
    public required SessionOptions Options { get; init; }

    /// <value>A session for each storage, in the order asked for; at least one.</value>
    public required IReadOnlyList<InspectedSession> Sessions { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"\"{Instruction}\": {ListText.Count(Screens.Count, "step")}, {ListText.Of([.. Sessions.Select(s => s.Storage)])}";
}

/// <summary>One session, step by step.</summary>
/// <param name="Storage">Where the rows were that its cache did not hold.</param>
/// <param name="Steps">Its steps, as many as there are screenshots.</param>
public sealed record InspectedSession(KvStorage Storage, IReadOnlyList<InspectedStep> Steps)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Storage}, {ListText.Count(Steps.Count, "step")}";
}

/// <summary>One step of a session.</summary>
/// <param name="Answer">The answer, what it attended to, and what the step read.</param>
/// <param name="Held">What the session held afterwards, and which tokens the answer attended to.</param>
/// <param name="Screens">Which screenshots the conversation showed at this step, ascending from 0; the newest is the step's own.</param>
public sealed record InspectedStep(GroundingAnswer Answer, SessionKv Held, IReadOnlyList<int> Screens)
{
    /// <summary>What the step did in its session.</summary>
    public StepReport Report => Answer.Session!;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Report}; {Answer}";
}
