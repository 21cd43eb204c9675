namespace StarKV.Tests;

/// <summary>A line of source has at most 140 columns, as .editorconfig says.</summary>
public sealed class LinesFitOnAScreen
{
    private const int Columns = 140;

    [Fact]
    public void Every_line_of_source_has_at_most_140_columns() => Assert.Equal("", string.Join('\n', LongLines()));

    [Theory]
    [InlineData(140, false)]
    [InlineData(141, true)]
    public void A_line_of_140_columns_fits(int columns, bool isLong) => Assert.Equal(isLong, IsLong(new string('é', columns)));

    private static bool IsLong(string line) => line.Length > Columns;

    private static IEnumerable<string> LongLines()
    {
        var root = RepositoryFiles.Path("src");
        return from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let file = Path.GetRelativePath(root, path).Replace('\\', '/')
               where !file.Split('/').Any(folder => folder is "bin" or "obj")
               from line in File.ReadLines(path).Index()
               where IsLong(line.Item)
               select $"src/{file}:{line.Index + 1} has {line.Item.Length} columns";
    }
}
