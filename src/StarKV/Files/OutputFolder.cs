namespace StarKV.Files;

/// <summary>
/// Makes folders that appear with everything in them or not at all: where nothing or an empty folder is, or in the place of one that this
/// program made and nothing was put into. Nothing else is ever removed. Links are followed.
/// </summary>
#pragma warning disable IDE0040 // Public in the engine (SharedWithMiniGui.cs), internal in StarKV.MiniGui, which compiles this file too.
static partial class OutputFolder
#pragma warning restore IDE0040
{
    /// <summary>
    /// Looks whether <see cref="Make(string, string, FolderKind?, Action{string})"/> could write a folder now, and leaves nothing there:
    /// what takes long asks first.
    /// </summary>
    /// <inheritdoc cref="Make(string, string, FolderKind?, Action{string})"/>
    public static void Check(string path, string what, FolderKind? kind = null)
    {
        var place = Place(path, what);
        if (!IsFree(place, kind))
            throw NotFree(path, what, kind);
        WritablePlace.Check(place, what, path);
    }

    /// <summary>Whether nothing, an empty folder or one that may be replaced is there.</summary>
    /// <param name="path">Where.</param>
    /// <param name="kind">What a folder holds that may be replaced; null (default) for none.</param>
    public static bool IsFree(string path, FolderKind? kind = null)
    {
        var place = RealPath.Of(path);
        return FileStatus.Of(place).Kind switch
        {
            FileKind.Missing => true,
            FileKind.Folder => IsEmpty(place) || (kind is not null && FolderMarker.Own(place, kind) is not null),
            _ => false,
        };
    }

    /// <summary>Makes a folder. Folders above it that are missing are made.</summary>
    /// <param name="path">Where.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="kind">What it holds, if an earlier one may be replaced; null for new and empty folders alone.</param>
    /// <param name="write">Writes the files into the folder that it receives, to which nothing else writes.</param>
    /// <exception cref="Exception">What <see cref="OutputError"/> makes: something else is there, or it cannot be written.</exception>
    public static void Make(string path, string what, FolderKind? kind, Action<string> write) =>
        Make(path, what, kind, write, FileCalls.Exchange);

    /// <summary>Makes a folder with another way to exchange two of them.</summary>
    /// <param name="path">Where.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="kind">What it holds, if an earlier one may be replaced; null for new and empty folders alone.</param>
    /// <param name="write">Writes the files into the folder that it receives, to which nothing else writes.</param>
    /// <param name="exchange">Exchanges two folders in one step, or returns false.</param>
    internal static void Make(string path, string what, FolderKind? kind, Action<string> write, Func<string, string, bool> exchange)
    {
        var place = Place(path, what);
        if (!IsFree(place, kind))
            throw NotFree(path, what, kind);
        try
        {
            using var above = NewFolders.For(Path.GetDirectoryName(place)!);
            using var draft = FolderDraft.For(place);
            write(draft.Path);
            if (kind is not null)
                FolderMarker.Write(draft.Path, kind);
            if (!Directory.Exists(place) || IsEmpty(place))
                draft.PutAt(place);
            else if (kind is not null && FolderMarker.Own(place, kind) is { } own)
                Remove(draft.Replace(place, exchange), own, place);
            else
                throw new IOException(Words(kind));
            above.Keep();
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            throw OutputError.Of(what, path, OutputReason.Of(e), e);
        }
    }

    private static bool IsEmpty(string place) => !Directory.EnumerateFileSystemEntries(place).Any();

    private static string Place(string path, string what)
    {
        string place;
        try
        {
            place = RealPath.Of(path);
        }
        catch (Exception e) when (OutputReason.IsOfPaths(e))
        {
            throw OutputError.Of(what, path, OutputReason.Of(e), e);
        }

        return FileStatus.Of(place) switch
        {
            { Kind: FileKind.Folder, IsMount: true } => throw OutputError.Of(what, path, "a disk is mounted there; name a folder in it"),
            { Kind: not (FileKind.Folder or FileKind.Missing) } => throw OutputError.Of(what, path, "it is a file, not a folder"),
            _ when Path.GetDirectoryName(place) is null => throw OutputError.Of(what, path, "it is the root of all folders"),
            _ => place,
        };
    }

    private static Exception NotFree(string path, string what, FolderKind? kind) => OutputError.Of(what, path, Words(kind));

    private static string Words(FolderKind? kind) => kind is null
        ? "it exists already; name a new or empty folder"
        : $"it exists already and holds more than {kind.Name} that StarKV wrote; name a new or empty folder";

    /// <summary>Removes what this program wrote. What somebody put there in the last moment goes into the new folder.</summary>
    private static void Remove(string old, IReadOnlyList<string> own, string place)
    {
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(old).ToList())
            {
                var name = Path.GetFileName(entry);
                if (own.Contains(name))
                    File.Delete(entry);
                else
                    Directory.Move(entry, Path.Combine(place, name));
            }

            Directory.Delete(old);
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            // The new folder is in its place, which is what was asked for.
        }
    }
}
