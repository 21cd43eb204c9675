namespace StarKV.Tests;

/// <summary>Files of the repository, found from the folder the tests run in.</summary>
internal static class RepositoryFiles
{
    public static string Path(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "StarKV.slnx"))) folder = folder.Parent!;
        return System.IO.Path.Combine([folder.FullName, .. parts]);
    }
}
