using System.Text;

namespace StarKV.Report;

/// <summary>Writes files that are complete or absent: a temporary file beside the target is renamed. Folders that are missing are made.</summary>
internal static class WholeFile
{
    private const int MostNameBytes = 255;

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public static void Write(string path, byte[] bytes, string what)
    {
        var temporary = "";
        try
        {
            var target = Target(path, what);
            temporary = Path.Combine(Path.GetDirectoryName(target)!, TemporaryName());
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw Refusal(path, what, Reason(e), e);
        }
    }

    /// <summary>Looks whether <see cref="Write"/> could write a file now, and leaves nothing behind: what takes long asks first.</summary>
    /// <inheritdoc cref="Write"/>
    public static void Check(string path, string what)
    {
        try
        {
            Probe(Target(path, what), path, what);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Refusal(path, what, Reason(e), e);
        }
    }

    /// <summary>Looks whether files could be written into a folder, which may be missing, and leaves nothing behind.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">It is a file, or nothing can be written there.</exception>
    public static void CheckFolder(string path, string what)
    {
        try
        {
            Probe(Path.Combine(Path.GetFullPath(path), TemporaryName()), path, what);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Refusal(path, what, Reason(e), e);
        }
    }

    private static string Target(string path, string what)
    {
        var target = Path.GetFullPath(path);
        if (Directory.Exists(target))
            throw Refusal(path, what, "it is a folder; name a file");
        // A rename would put a file in a device's place.
        var device = target.StartsWith("/dev/", StringComparison.Ordinal) && !target.StartsWith("/dev/shm/", StringComparison.Ordinal);
        return device ? throw Refusal(path, what, "it is a device; name a file") : target;
    }

    /// <summary>Makes a file for a moment in the nearest folder above a target that exists.</summary>
    private static void Probe(string target, string path, string what)
    {
        var folder = Path.GetDirectoryName(target)!;
        var missing = new List<string> { Path.GetFileName(target) };
        for (; !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
        {
            if (File.Exists(folder))
                throw Refusal(path, what, $"{folder} is a file, not a folder");
            missing.Add(Path.GetFileName(folder));
        }

        if (missing.Find(name => Encoding.UTF8.GetByteCount(name) > MostNameBytes) is { } name)
            throw Refusal(path, what, $"'{name[..20]}…' is longer than the {MostNameBytes} bytes that a name may have");
        var probe = Path.Combine(folder, TemporaryName());
        try
        {
            File.WriteAllBytes(probe, []);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Refusal(path, what, $"{Reason(e)} in {folder}", e);
        }

        File.Delete(probe);
    }

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    /// <summary>What went wrong without the name of a temporary file, which would tell nobody anything.</summary>
    private static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "access is denied",
        DirectoryNotFoundException or FileNotFoundException => "no file can be made",
        PathTooLongException => "the path is too long",
        ArgumentException => "this is no name of a file",
        // The runtime puts the path behind a colon or into a sentence.
        _ when e.Message.IndexOf(" : '", StringComparison.Ordinal) is var end and > 0 => e.Message[..end],
        _ => e.Message.Contains('\'', StringComparison.Ordinal) ? "no file can be made" : e.Message.TrimEnd('.'),
    };

    private static string TemporaryName() => $".starkv-{Guid.NewGuid():N}.tmp";

    private static StarKvException Refusal(string path, string what, string reason, Exception? inner = null)
    {
        var message = $"The {what} cannot be written to '{path}': {reason}.";
        return inner is null ? new StarKvException(message) : new StarKvException(message, inner);
    }
}
