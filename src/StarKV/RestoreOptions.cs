using StarKV.Score;

namespace StarKV;

/// <summary>What the file of a session does not decide; all else is as it was saved.</summary>
public sealed record RestoreOptions
{
    /// <value>
    /// The method, of the name that the session was saved with; null (default) for the one that the file names. Needed for a method of the
    /// caller's own.
    /// </value>
    public ICompressionMethod? Method { get; init; }

    /// <value>
    /// Whether rows of another number type are rounded to the agent's, such as float32 from a CPU to bfloat16 on a card; default false,
    /// which refuses them: answers may differ from those that the session would have given.
    /// </value>
    public bool ConvertNumbers { get; init; }

    /// <value>Most bytes of rows in the host's memory, 0 or more; null (default) for as many as the session was opened with.</value>
    public long? HostBytes { get; init; }

    /// <summary>Returns these options when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    internal RestoreOptions Bounded() => HostBytes is < 0
        ? throw new StarKvException($"HostBytes is {HostBytes}; it must be 0 or more, or null for as many as the session was opened with.")
        : this;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"method {Method?.Name ?? "of the file"}, convert numbers {ConvertNumbers}, host bytes "
            + (HostBytes is { } bytes ? FormattableString.Invariant($"{bytes}") : "of the file");
}
