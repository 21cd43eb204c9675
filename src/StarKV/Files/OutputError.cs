using System.Diagnostics.CodeAnalysis;

namespace StarKV.Files;

/// <summary>The error that says that something is not written.</summary>
/// <remarks>
/// StarKV.MiniGui, which does not know the engine, compiles the files of this folder too, and has a separate file for this one.
/// </remarks>
[Experimental("STARKV001")]
public static class OutputError
{
    /// <summary>Makes the error.</summary>
    /// <param name="what">What the message calls the file or folder.</param>
    /// <param name="path">Where it was to go.</param>
    /// <param name="reason">Why it does not; no full stop.</param>
    /// <param name="inner">The failure beneath it; null (default) for none.</param>
    public static Exception Of(string what, string path, string reason, Exception? inner = null)
    {
        var message = $"The {what} cannot be written to '{path}': {reason}.";
        return inner is null ? new StarKvException(message) : new StarKvException(message, inner);
    }
}
