namespace StarKV;

/// <summary>The device failed, or does not answer: no request can succeed until it does, or until the process is started again.</summary>
public sealed class StarKvDeviceException : StarKvException
{
    /// <summary>Creates the error with its message.</summary>
    public StarKvDeviceException(string message) : base(message) { }

    /// <summary>Creates the error with its message and the failure beneath it.</summary>
    public StarKvDeviceException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture.</summary>
    public StarKvDeviceException(InvariantText message) : base(message) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture, and the failure beneath it.</summary>
    public StarKvDeviceException(InvariantText message, Exception inner) : base(message, inner) { }
}
