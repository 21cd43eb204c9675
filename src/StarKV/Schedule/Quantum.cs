using StarKV.Input;

namespace StarKV.Schedule;

/// <summary>One piece of work on the device, between two of which anything else may happen.</summary>
internal abstract record Quantum
{
    /// <summary>
    /// Whether somebody writes meanwhile, so that the piece's time is looked at and the device is waited for after it.
    /// </summary>
    public bool IsBetweenTokens { get; init; }

    /// <summary>Screenshots of one size are encoded together.</summary>
    /// <param name="Grid">Their size.</param>
    /// <param name="Turns">Whose, and of each how many, its first ones of that size.</param>
    public sealed record Encode(PatchGrid Grid, IReadOnlyList<(JobTurn Turn, int Count)> Turns) : Quantum
    {
        /// <summary>Patches of all of them.</summary>
        public long Patches => (long)Grid.Patches * Turns.Sum(t => t.Count);
    }

    /// <summary>A prompt is read some layers further.</summary>
    /// <param name="Turn">Whose.</param>
    /// <param name="Layers">How many layers, 1 or more.</param>
    public sealed record Read(JobTurn Turn, int Layers) : Quantum;

    /// <summary>Everybody who writes gets one token.</summary>
    public sealed record Write : Quantum;
}
