namespace StarKV.Cli.Tests;

/// <summary>Output that people read, compared with a file of <c>Snapshots</c>. With STARKV_UPDATE_DOCS=1 the file is written instead.</summary>
internal static class Snapshot
{
    public static void Check(string name, string output)
    {
        var file = RepositoryFiles.Path("tests", "StarKV.Cli.Tests", "Snapshots", name);
        // Tables end their lines with blanks, which no editor keeps.
        var text = string.Join('\n', output.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
        if (Environment.GetEnvironmentVariable("STARKV_UPDATE_DOCS") == "1")
            File.WriteAllText(file, text);
        else
            Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), text);
    }
}
