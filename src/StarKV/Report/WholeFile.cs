namespace StarKV.Report;

/// <summary>Writes files that are complete or absent: a temporary file beside the target is renamed.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public static void Write(string path, byte[] bytes, string what)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new StarKvException($"The {what} cannot be written to '{path}': {e.Message}", e);
        }
    }
}
