namespace StarKV.Fuzz.Run;

/// <summary>A piece of work: the first inputs of a round of a target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Round">The round, from 0.</param>
/// <param name="Count">How many inputs.</param>
/// <param name="Skip">Inputs that are not run, because they do not come back.</param>
internal sealed record Work(string Target, ulong Seed, int Round, int Count, IReadOnlyList<long> Skip)
{
    /// <summary>The name of one of the inputs.</summary>
    public InputNumber Input(long iteration) => new(Target, Seed, iteration, Skip);
}
