namespace StarKV;

/// <summary>More requests wait than may; nothing was done for this one. A later try may succeed.</summary>
public sealed class StarKvBusyException : StarKvException
{
    /// <summary>Creates the error with its message.</summary>
    public StarKvBusyException(string message) : base(message) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture.</summary>
    public StarKvBusyException(InvariantText message) : base(message) { }
}
