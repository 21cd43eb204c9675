namespace StarKV.Fuzz.Run;

/// <summary>What became of a number of inputs of one target.</summary>
internal sealed record Tally
{
    public long Inputs { get; init; }

    public long Accepted { get; init; }

    public long Refused { get; init; }

    /// <summary>Faults, broken promises, allocations and deaths.</summary>
    public long Other { get; init; }

    public long Hangs { get; init; }

    public double SlowestSeconds { get; init; }

    public long LargestBytes { get; init; }

    /// <summary>Processor time of all inputs, the making of them included.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Ways in which inputs behaved, read by the words of their outcomes; over rounds, the most of one.</summary>
    public int Shapes { get; init; }

    /// <summary>The first input of each kind of finding.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Counts another outcome.</summary>
    public Tally With(Outcome outcome) => this with
    {
        Inputs = Inputs + 1,
        Accepted = Accepted + (outcome.Kind is OutcomeKind.Accepted ? 1 : 0),
        Refused = Refused + (outcome.Kind is OutcomeKind.Refused ? 1 : 0),
        Hangs = Hangs + (outcome.Kind is OutcomeKind.Hang ? 1 : 0),
        Other = Other + (outcome.IsFinding && outcome.Kind is not OutcomeKind.Hang ? 1 : 0),
        SlowestSeconds = Math.Max(SlowestSeconds, outcome.CpuSeconds),
        LargestBytes = Math.Max(LargestBytes, outcome.AllocatedBytes),
    };

    /// <summary>Adds what another round counted.</summary>
    public Tally Plus(Tally other) => new()
    {
        Inputs = Inputs + other.Inputs,
        Accepted = Accepted + other.Accepted,
        Refused = Refused + other.Refused,
        Other = Other + other.Other,
        Hangs = Hangs + other.Hangs,
        SlowestSeconds = Math.Max(SlowestSeconds, other.SlowestSeconds),
        LargestBytes = Math.Max(LargestBytes, other.LargestBytes),
        CpuSeconds = CpuSeconds + other.CpuSeconds,
        Shapes = Math.Max(Shapes, other.Shapes),
        Findings = [.. Findings.Concat(other.Findings).DistinctBy(f => (f.Input.Target, f.Kind, f.Shape))],
    };
}
