using StarKV.Score;

namespace StarKV.Tests.Score;

/// <summary>A method fits on a page or two, and its file has its class's name.</summary>
public sealed class MethodFileTests
{
    private static string Folder { get; } = RepositoryFiles.Path("src", "StarKV", "Score");

    [Fact]
    public void Half_of_the_methods_fit_into_80_lines() =>
        Assert.InRange(Methods.All.Select(m => Lines(Path.Combine(Folder, m.Create(new Dictionary<string, string>()).GetType().Name + ".cs"))).Order().ElementAt(Methods.All.Count / 2), 1, 80);

    [Fact]
    public void No_file_beside_them_is_longer_than_150_lines() =>
        Assert.All(Directory.GetFiles(Folder, "*.cs"), file => Assert.True(Lines(file) <= 150, $"{Path.GetFileName(file)} has {Lines(file)} lines."));

    private static int Lines(string file) => File.ReadLines(file).Count();
}
