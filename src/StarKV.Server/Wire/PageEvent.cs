namespace StarKV.Server.Wire;

/// <summary>What the page is told when something has changed.</summary>
/// <param name="Html">The list of sessions.</param>
/// <param name="Versions">For each session how many of its requests have ended: an opened one is read again when there are more.</param>
internal sealed record PageEvent(string Html, IReadOnlyDictionary<string, int> Versions);
