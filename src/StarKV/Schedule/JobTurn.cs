using StarKV.Input;

namespace StarKV.Schedule;

/// <summary>One request as the scheduler sees it: on what terms it waits, and what is left to do.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread once it has arrived.</remarks>
/// <param name="client">Who asks.</param>
/// <param name="priority">Higher goes first; 0 is usual.</param>
/// <param name="timeLimit">How long after its arrival it is given up; null for never.</param>
internal sealed class JobTurn(JobClient client, int priority = 0, TimeSpan? timeLimit = null)
{
    /// <summary>Who asks.</summary>
    public JobClient Client => client;

    /// <summary>Higher goes first.</summary>
    public int Priority => priority;

    /// <summary>How long after its arrival it is given up; null for never.</summary>
    public TimeSpan? TimeLimit => timeLimit;

    /// <summary>Where it is on its way.</summary>
    public JobStage Stage { get; set; }

    /// <summary>Tokens to be read, by which its work is counted against other clients'.</summary>
    public int Tokens { get; init; }

    /// <summary>Grids of the screenshots that are still to be encoded, oldest first.</summary>
    public IReadOnlyList<PatchGrid> Screens { get; set; } = [];

    /// <summary>Layers that are still to be read.</summary>
    public int LayersLeft { get; set; }

    /// <summary>When it arrived, as the clock counts; the scheduler's.</summary>
    public long Arrived { get; set; }

    /// <summary>How many arrived before it; the scheduler's.</summary>
    public long Number { get; set; }

    /// <summary>Where its work begins on the scheduler's line of service; the scheduler's.</summary>
    public double Start { get; set; }
}
