namespace StarKV.Fuzz.Seeds;

/// <summary>Files of the repository that serve as seeds.</summary>
internal static class SeedFiles
{
    /// <summary>The bytes of a file, given from the root of the repository.</summary>
    public static byte[] Read(string path) => File.ReadAllBytes(RepositoryFiles.Path(path.Split('/')));
}
