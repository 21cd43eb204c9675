namespace StarKV.Evaluation.Metrics;

/// <summary>A verdict with the numbers that a benchmark's own metrics need.</summary>
/// <param name="Verdict">Whether the answer is right.</param>
public readonly record struct Judgement(Verdict Verdict)
{
    /// <value>Numbers by name, such as a step's score; null (default) for none.</value>
    public IReadOnlyDictionary<string, double>? Measures { get; init; }

    /// <summary>A verdict alone.</summary>
    public static implicit operator Judgement(Verdict verdict) => FromVerdict(verdict);

    /// <summary>A verdict alone.</summary>
    public static Judgement FromVerdict(Verdict verdict) => new(verdict);
}
