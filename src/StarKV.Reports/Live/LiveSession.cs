namespace StarKV.Reports.Live;

/// <summary>A session of a server as <see cref="LivePage"/> shows it.</summary>
/// <param name="Id">What the server calls it.</param>
/// <param name="Name">What its client calls it; null for nothing.</param>
/// <param name="Cache">How its steps are compressed, as people read it.</param>
/// <param name="Steps">Its last requests, oldest first.</param>
public sealed record LiveSession(string Id, string? Name, string Cache, IReadOnlyList<LiveStep> Steps)
{
    /// <value>Requests answered; default 0.</value>
    public int Answered { get; init; }

    /// <value>Whether a step is under way; default false.</value>
    public bool Running { get; init; }

    /// <value>Bytes of keys and values on the device between steps; null (default) where nobody looked.</value>
    public long? DeviceBytes { get; init; }

    /// <value>Bytes of keys and values in the host's memory; null (default) where nobody looked.</value>
    public long? HostBytes { get; init; }

    /// <value>Bytes that all tokens' keys and values would take; null (default) where nobody looked.</value>
    public long? FullBytes { get; init; }

    /// <summary>What people call it.</summary>
    internal string Title => Name ?? Id;

    /// <summary>The last request that was answered; null for none.</summary>
    internal GroundingAnswer? LastAnswer => Steps.LastOrDefault(s => s.Answer is not null)?.Answer;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Title}: {Answered} answered, {ListText.Count(Steps.Count, "request")} shown, {Cache}");
}
