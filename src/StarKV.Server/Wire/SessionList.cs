namespace StarKV.Server.Wire;

/// <summary>The sessions of a key.</summary>
internal sealed record SessionList(IReadOnlyList<SessionCard> Data)
{
    /// <value>What it is.</value>
    public string Object { get; } = "list";
}

/// <summary>A session.</summary>
/// <param name="Id">What the server calls it.</param>
/// <param name="Name">What the client calls it; null for nothing.</param>
/// <param name="Steps">Steps answered.</param>
/// <param name="Frames">Screenshots in the conversation.</param>
/// <param name="Running">Whether a step is under way.</param>
/// <param name="LastUsed">When it was last used, in seconds since 1970.</param>
/// <param name="LastOutcome">How the last step was related to what was held; null before the first.</param>
internal sealed record SessionCard(
    string Id, string? Name, int Steps, int Frames, bool Running, long LastUsed, string? LastOutcome)
{
    /// <value>What it is.</value>
    public string Object { get; } = "session";

    /// <value>Tokens whose rows may be held; null (default) where nobody looked.</value>
    public int? Tokens { get; init; }

    /// <value>Bytes on the device between steps; null (default) where nobody looked.</value>
    public long? DeviceBytes { get; init; }

    /// <value>Bytes in the host's memory; null (default) where nobody looked.</value>
    public long? HostBytes { get; init; }

    /// <value>Bytes that all rows would take; null (default) where nobody looked.</value>
    public long? FullBytes { get; init; }
}

/// <summary>A session that was deleted.</summary>
internal sealed record DeletedSession(string Id)
{
    /// <value>What it was.</value>
    public string Object { get; } = "session";

    /// <value>It is.</value>
    public bool Deleted { get; } = true;
}
