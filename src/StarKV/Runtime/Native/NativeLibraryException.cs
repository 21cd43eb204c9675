namespace StarKV.Runtime.Native;

/// <summary>A native library is there and cannot be loaded.</summary>
/// <param name="message">Which, why, and the way out.</param>
/// <param name="inner">What was found; null (default) for nothing beneath it.</param>
internal sealed class NativeLibraryException(string message, Exception? inner = null) : StarKvException(message, inner!);
