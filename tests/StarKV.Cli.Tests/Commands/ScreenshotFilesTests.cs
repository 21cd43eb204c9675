using StarKV.Cli.Commands.Chat;

namespace StarKV.Cli.Tests.Commands;

public sealed class ScreenshotFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ScreenshotFilesTests()
    {
        foreach (var name in new[] { "shot-10.png", "shot-9.PNG", "shot-1.webp", "a.jpeg", "notes.txt", ".hidden.png" })
            _folder.Write(name, "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.jpeg,shot-1.webp,shot-9.PNG,shot-10.png", "")]
    [InlineData("shot-1.webp,shot-9.PNG,shot-10.png", "shot-*")]
    [InlineData("shot-1.webp", "*.webp")]
    [InlineData("shot-9.PNG", "shot-?.PNG")]
    [InlineData("notes.txt,a.jpeg", "notes.txt", "a.*")]
    public void Places_are_taken_in_their_order_and_names_by_their_numbers(string files, params string[] places) => Assert.Equal(
        files.Split(','), ScreenshotFiles.Find(places.Select(place => _folder.File(place))).Select(file => Path.GetFileName(file)));

    [Theory]
    [InlineData("none.png")]
    [InlineData("*.gif")]
    [InlineData("none/*.png")]
    [InlineData("none/")]
    public void A_place_without_screenshots_is_named(string place) => Assert.Contains(
        $"--images {_folder.File(place)} names no screenshot", Assert.Throws<StarKvException>(() => ScreenshotFiles.Find([_folder.File(place)])).Message,
        StringComparison.Ordinal);
}
