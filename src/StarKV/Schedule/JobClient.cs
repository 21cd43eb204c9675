namespace StarKV.Schedule;

/// <summary>Who asks: a session, whose steps come one after the other, or somebody with a single question.</summary>
internal sealed class JobClient
{
    /// <summary>Where the client's last request ends on the scheduler's line of service; 0 for none.</summary>
    public double ServedUntil { get; set; }
}
