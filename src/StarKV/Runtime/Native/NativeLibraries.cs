using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace StarKV.Runtime.Native;

/// <summary>Loads native libraries that were looked at before: what is damaged becomes an error, not the end of the process.</summary>
[Experimental("STARKV001")]
public static class NativeLibraries
{
    /// <value>
    /// Told of every file before it is loaded; null (default) for no one. What dies in the loading is then known to who listens.
    /// </value>
    public static Action<string>? Loading { get; set; }

    /// <summary>Loads a library.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wayOut">What to do about a damaged one, as a sentence.</param>
    /// <exception cref="StarKvException">It, or one next to it that it needs, is damaged, or it does not load.</exception>
    internal static nint Load(string path, string wayOut)
    {
        Check(path, wayOut);
        Loading?.Invoke(path);
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e) when (MemoryShortage.Says(e.Message) || e.Message.Contains("failed to map " +
            "segment", StringComparison.Ordinal))
        {
            throw new StarKvMemoryException($"There is not enough memory to load {path}. Raise the process's limit (ulimit -v), " +
                $"or free what other programs hold.", e);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException(
                $"{path} does not load: {Reason(e)}. Check that the libraries beside it are complete and that their own needs (CUDA, " +
                    $"libgomp) are in LD_LIBRARY_PATH.", e);
        }
    }

    /// <summary>Looks at a library and at those next to it that it needs, and they need, without loading any.</summary>
    /// <inheritdoc cref="Load"/>
    internal static void Check(string path, string wayOut)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([path]);
        while (waiting.TryPop(out var library))
        {
            // One that is not there, or not to be read, has a sentence of the loader's.
            if (!seen.Add(library) || !File.Exists(library))
                continue;
            foreach (var need in NeedsOf(library, wayOut))
                waiting.Push(Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(need)));
        }
    }

    /// <summary>What the loader says; .NET puts its own sentence in front, and what other names of the file gave, after it.</summary>
    private static string Reason(Exception error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (lines.Length > 1 ? lines[1] : lines[0]).TrimEnd('.', ' ');
    }

    private static IReadOnlyList<string> NeedsOf(string library, string wayOut)
    {
        try
        {
            return ElfLibrary.NeedsOf(library);
        }
        catch (InvalidDataException e)
        {
            throw new NativeLibraryException($"{library} is damaged: {e.Message}. {wayOut}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
