namespace StarKV.Server.Sessions;

/// <summary>How many conversations are remembered, and for how long.</summary>
/// <remarks>Immutable, so thread-safe. What the device holds is the engine's to bound (<see cref="Schedule.EngineOptions"/>).</remarks>
public sealed record SessionLimits
{
    /// <value>Most sessions, 1 or more; default 256. Beyond them the idle one that was used longest ago is forgotten.</value>
    public int Sessions { get; init; } = 256;

    /// <value>Time after which an idle session is forgotten, above 0; default 30 minutes.</value>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <value>
    /// Most bytes of screenshots that sessions remember, as pixels, 0 or more; default 2,147,483,648 (2 GiB): 340 screens of 1932×1092.
    /// </value>
    public long InputBytes { get; init; } = 2L << 30;

    /// <value>Whether conversations without a name are found by what they have in common with a request; default true.</value>
    public bool PrefixMatch { get; init; } = true;

    /// <summary>Returns these limits when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    internal SessionLimits Bounded()
    {
        if (Sessions < 1)
            throw new StarKvException($"The server's Sessions is {Sessions}; it must be 1 or more.");
        if (Idle <= TimeSpan.Zero)
            throw new StarKvException($"The server's Idle is {Idle}; it must be above 0.");
        return InputBytes >= 0
            ? this
            : throw new StarKvException($"The server's InputBytes is {InputBytes}; it must be 0 or more.");
    }
}
