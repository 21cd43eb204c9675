using System.Diagnostics.CodeAnalysis;

namespace StarKV.Runtime.Native;

/// <summary>A native library is there and cannot be loaded.</summary>
[Experimental("STARKV001")]
public sealed class NativeLibraryException : StarKvException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Which, why, and the way out.</param>
    /// <param name="inner">What was found; null (default) for nothing beneath it.</param>
    internal NativeLibraryException(string message, Exception? inner = null)
        : base(message, inner!)
    {
    }
}
