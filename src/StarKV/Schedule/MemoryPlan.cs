using StarKV.Runtime;

namespace StarKV.Schedule;

/// <summary>Who was promised how many bytes of the device: nothing starts that does not fit beside what others were promised.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
/// <param name="capacity">Bytes for requests and sessions.</param>
/// <param name="held">What idle sessions hold.</param>
internal sealed class MemoryPlan(long capacity, IHeldMemory held)
{
    private readonly Dictionary<JobTurn, long> _promised = [];

    /// <summary>Bytes for requests and sessions.</summary>
    public long Capacity => capacity;

    /// <summary>Bytes promised to requests that are worked on.</summary>
    public long Promised => _promised.Values.Sum();

    /// <summary>Bytes that idle sessions hold; from any thread.</summary>
    public long Held => held.LastDeviceBytes;

    /// <summary>Promises bytes to a request; false, with nothing promised, when they are not there yet.</summary>
    /// <param name="turn">The request.</param>
    /// <param name="bytes">The most it will need.</param>
    /// <exception cref="StarKvMemoryException">They will never be there.</exception>
    public bool Promise(JobTurn turn, long bytes)
    {
        if (bytes > capacity)
            throw new StarKvMemoryException($"{Needs(bytes)}. {MemoryShortage.SmallerRequest}") { NeverFits = true };
        while (Promised + held.DeviceBytes + bytes > capacity)
        {
            if (held.Release())
                continue;
            return _promised.Count > 0 ? false : throw new StarKvMemoryException(
                $"{Needs(bytes)}, of which sessions hold {held.DeviceBytes:N0} that cannot be read again; dispose some of them.")
            {
                NeverFits = true,
            };
        }

        _promised[turn] = bytes;
        return true;
    }

    /// <summary>A request needs no more than this from now on.</summary>
    public void Lower(JobTurn turn, long bytes) => _promised[turn] = Math.Min(bytes, _promised.GetValueOrDefault(turn));

    /// <summary>A request has ended.</summary>
    public void End(JobTurn turn) => _promised.Remove(turn);

    private string Needs(long bytes) => FormattableString.Invariant(
        $"There is not enough memory for this request: it needs {bytes:N0} bytes of {capacity:N0} (EngineOptions.DeviceBytes)");
}
