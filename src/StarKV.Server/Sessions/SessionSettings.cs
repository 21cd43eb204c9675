namespace StarKV.Server.Sessions;

/// <summary>How a session's steps are compressed, as a client may ask for it; null is the server's own.</summary>
/// <param name="Method">The compression method.</param>
/// <param name="Keep">How much of the cache is kept.</param>
internal sealed record SessionSettings(string? Method, string? Keep);
