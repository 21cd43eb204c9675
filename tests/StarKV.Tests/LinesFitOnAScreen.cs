namespace StarKV.Tests;

/// <summary>
/// A line of source has at most 140 columns, as .editorconfig says; LinesFitOnAScreen.txt names the files that are not wrapped yet.
/// </summary>
public sealed class LinesFitOnAScreen
{
    private const int Columns = 140;

    private static readonly string[] s_exceptions =
        [.. File.ReadLines(RepositoryFiles.Path("tests", "StarKV.Tests", "LinesFitOnAScreen.txt"))];

    // By name, as files move between folders; a name of several files counts for all of them.
    private static readonly ILookup<string, string> s_long = LongLines().ToLookup(l => l.File, l => l.Place);

    [Fact]
    public void Every_line_of_source_has_at_most_140_columns() =>
        Assert.Equal("", string.Join('\n', s_long.Where(f => !s_exceptions.Contains(f.Key)).SelectMany(places => places)));

    [Fact]
    public void Every_exception_is_still_needed() =>
        Assert.Equal("", string.Join('\n', s_exceptions.Where(file => !s_long.Contains(file))));

    [Fact]
    public void Exceptions_are_in_order_and_named_once() =>
        Assert.Equal(s_exceptions.Order(StringComparer.Ordinal).Distinct(), s_exceptions);

    [Theory]
    [InlineData(140, false)]
    [InlineData(141, true)]
    public void A_line_of_140_columns_fits(int columns, bool isLong) => Assert.Equal(isLong, IsLong(new string('é', columns)));

    private static bool IsLong(string line) => line.Length > Columns;

    private static IEnumerable<(string File, string Place)> LongLines()
    {
        var root = RepositoryFiles.Path("src");
        return from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let file = Path.GetRelativePath(root, path).Replace('\\', '/')
               where !file.Split('/').Any(folder => folder is "bin" or "obj")
               from line in File.ReadLines(path).Index()
               where IsLong(line.Item)
               select (Path.GetFileName(file), $"src/{file}:{line.Index + 1} has {line.Item.Length} columns");
    }
}
