namespace StarKV.Files;

/// <summary>The error that says that something is not written.</summary>
internal static class OutputError
{
    /// <summary>Makes the error.</summary>
    /// <param name="what">What the message calls the file or folder.</param>
    /// <param name="path">Where it was to go.</param>
    /// <param name="reason">Why it does not; no full stop.</param>
    /// <param name="inner">The failure beneath it; null (default) for none.</param>
    public static Exception Of(string what, string path, string reason, Exception? inner = null) =>
        new IOException($"The {what} cannot be written to '{path}': {reason}.", inner);
}
