namespace StarKV;

/// <summary>
/// Something the caller can put right: a bad file, option or machine. The message names the thing, the limit and the way out
/// in one sentence or two, fit to be shown without a stack trace.
/// </summary>
public class StarKvException : Exception
{
    /// <summary>Creates the error with its message.</summary>
    public StarKvException(string message) : base(message) { }

    /// <summary>Creates the error with its message and the failure beneath it.</summary>
    public StarKvException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture.</summary>
    public StarKvException(InvariantText message) : base(message.ToString()) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture, and the failure beneath it.</summary>
    public StarKvException(InvariantText message, Exception inner) : base(message.ToString(), inner) { }
}
