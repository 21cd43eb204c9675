namespace StarKV;

/// <summary>A request was not answered within the time that its caller gave it; what it held is free, its session is as it was.</summary>
public sealed class StarKvTimeoutException : StarKvException
{
    /// <summary>Creates the error with its message.</summary>
    public StarKvTimeoutException(string message) : base(message) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture.</summary>
    public StarKvTimeoutException(InvariantText message) : base(message) { }
}
