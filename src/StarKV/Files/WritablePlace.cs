using System.Text;

namespace StarKV.Files;

/// <summary>Looks whether something could be written to a place, which may be missing, and leaves nothing there.</summary>
internal static class WritablePlace
{
    private const int MaxNameBytes = 255;

    /// <summary>Makes a file for a moment in the nearest folder above a place that exists.</summary>
    /// <param name="place">A full path.</param>
    /// <param name="what">What the message calls what is to go there.</param>
    /// <param name="path">The place as its user wrote it.</param>
    public static void Check(string place, string what, string path)
    {
        var folder = Path.GetDirectoryName(place)!;
        var missing = new List<string> { Path.GetFileName(place) };
        for (; FileStatus.Of(folder).Kind != FileKind.Folder; folder = Path.GetDirectoryName(folder)!)
        {
            if (File.Exists(folder))
                throw OutputError.Of(what, path, $"{folder} is a file, not a folder");
            missing.Add(Path.GetFileName(folder));
        }

        if (missing.Find(name => Encoding.UTF8.GetByteCount(name) > MaxNameBytes) is { } name)
            throw OutputError.Of(what, path, $"'{name[..20]}…' is longer than the {MaxNameBytes} bytes that a name may have");
        var probe = TemporaryName.In(folder);
        try
        {
            NewFile.Write(probe, []);
        }
        catch (Exception e) when (OutputReason.IsOfPaths(e))
        {
            throw OutputError.Of(what, path, $"{OutputReason.Of(e)} in {folder}", e);
        }

        File.Delete(probe);
    }
}
