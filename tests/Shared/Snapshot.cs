namespace StarKV.Tests;

/// <summary>
/// What people read, compared with a file in the folder <c>Snapshots</c> of the test project. With STARKV_UPDATE_DOCS=1 the file is written
/// instead.
/// </summary>
internal static class Snapshot
{
    public const string Variable = "STARKV_UPDATE_DOCS";

    /// <summary>The folder of this project's snapshots.</summary>
    public static string Folder { get; } = RepositoryFiles.Path("tests", typeof(Snapshot).Assembly.GetName().Name!, "Snapshots");

    /// <summary>Compares an output with a file, line by line; blanks at the ends of lines, which no editor keeps, are left out.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="output">What was written; what differs between machines is replaced before.</param>
    public static void Check(string name, string output)
    {
        var file = System.IO.Path.Combine(Folder, name);
        var text = string.Join('\n', output.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, text);
            return;
        }

        Assert.True(File.Exists(file), $"Snapshots/{name} is missing; the test writes it with {Variable}=1.");
        var expected = File.ReadAllText(file).ReplaceLineEndings("\n");
        if (expected != text)
            Assert.Fail($"The output is not that of Snapshots/{name}; if it is right, run the test with {Variable}=1.\n{LineDifference.Of(expected, text)}");
    }
}
