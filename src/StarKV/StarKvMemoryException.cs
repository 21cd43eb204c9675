namespace StarKV;

/// <summary>
/// There was not enough memory, on the host or on a card, for what was asked. What it held is free again and nothing else is harmed: a
/// smaller request, or
/// the same one later, may succeed.
/// </summary>
public sealed class StarKvMemoryException : StarKvException
{
    /// <value>
    /// True when the request is larger than all the memory that there is for requests, so that only a smaller one can succeed; default
    /// false.
    /// </value>
    public bool NeverFits { get; init; }

    /// <summary>Creates the error with its message.</summary>
    public StarKvMemoryException(string message) : base(message) { }

    /// <summary>Creates the error with its message and the failure beneath it.</summary>
    public StarKvMemoryException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture.</summary>
    public StarKvMemoryException(InvariantText message) : base(message) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture, and the failure beneath it.</summary>
    public StarKvMemoryException(InvariantText message, Exception inner) : base(message, inner) { }
}
