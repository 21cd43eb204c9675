namespace StarKV.Schedule;

/// <summary>What an engine does at a moment.</summary>
/// <param name="Waiting">Requests that wait to be let in.</param>
/// <param name="Running">Requests that are worked on, <paramref name="Writing"/> among them.</param>
/// <param name="Writing">Requests whose answers are being written.</param>
/// <param name="HeldBytes">Bytes that idle sessions hold on the device.</param>
/// <param name="PromisedBytes">Bytes that running requests were promised there.</param>
/// <param name="CapacityBytes">Bytes for both.</param>
public sealed record EngineLoad(int Waiting, int Running, int Writing, long HeldBytes, long PromisedBytes, long CapacityBytes)
{
    /// <summary>Bytes that the next request may be promised at once.</summary>
    public long FreeBytes => Math.Max(0, CapacityBytes - HeldBytes - PromisedBytes);

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Waiting} waiting, {Running} running, {Writing} writing; {HeldBytes} bytes held, {PromisedBytes} promised, {FreeBytes} free");
}
