using StarKV.Account;

namespace StarKV.Sessions;

/// <summary>What a session holds between two steps.</summary>
/// <param name="Tokens">Tokens of the conversation that it knows, answers included.</param>
/// <param name="NextPosition">The rotary position of the next token; the distance to the model's last one is what is left.</param>
/// <param name="DeviceBytes">Bytes of keys and values on the device, with room that is set aside.</param>
/// <param name="HostBytes">Bytes of keys and values in the host's memory; forks that share them count them too.</param>
/// <param name="FullBytes">Bytes that all tokens' keys and values take.</param>
/// <param name="Attended">
/// What the last answer attended to, before it was written; null before the first step, after the last one was taken back, and in a
/// restored session before its next.
/// </param>
/// <param name="Kept">Which tokens those were, layer by layer, head by head; null as <paramref name="Attended"/>.</param>
public sealed record SessionKv(
    int Tokens, long NextPosition, long DeviceBytes, long HostBytes, long FullBytes, KvReport? Attended, KeptTokens? Kept)
{
    /// <summary>Tokens and bytes in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Tokens} tokens, {DeviceBytes} bytes on the device, {HostBytes} in the host's memory, of {FullBytes}");
}
