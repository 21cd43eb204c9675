namespace StarKV.MiniGui.Training.Run;

/// <summary>The learning rate by wall time: up over some steps, constant, down to 0 over the last share of the time.</summary>
/// <param name="Rate">The constant rate.</param>
/// <param name="Warmup">Steps until it is reached.</param>
/// <param name="DecayShare">Share of the time in which it falls, 0–1.</param>
internal sealed record WallSchedule(double Rate, int Warmup, double DecayShare)
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">Steps taken before it in this phase.</param>
    /// <param name="elapsed">Time of the phase so far.</param>
    /// <param name="total">Time of the phase; may change while it runs.</param>
    public double At(long step, TimeSpan elapsed, TimeSpan total)
    {
        var rising = Math.Min(1, (step + 1.0) / Math.Max(1, Warmup));
        var falling = DecayShare <= 0 ? 1 : Math.Clamp((total - elapsed) / (total * DecayShare), 0, 1);
        return Rate * rising * falling;
    }
}
