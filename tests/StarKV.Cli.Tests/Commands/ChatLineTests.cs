using StarKV.Cli.Commands.Chat;

namespace StarKV.Cli.Tests.Commands;

/// <summary>What a typed line of <c>chat</c> asks for.</summary>
public sealed class ChatLineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // FILE is a file that exists, whose name has blanks.
    [Theory]
    [InlineData("FILE", null)]
    [InlineData("  FILE  ", null)]
    [InlineData("\"FILE\"", null)]
    [InlineData("'FILE'", null)]
    [InlineData("ESCAPED", null)]
    [InlineData("ADDRESS", null)]
    [InlineData("FILE now click OK", "now click OK")]
    [InlineData("'FILE'  now click \"OK\"", "now click \"OK\"")]
    [InlineData("ADDRESS go on", "go on")]
    public void A_file_is_shown_however_its_path_is_written(string typed, string? words)
    {
        var file = _folder.Write("shot 1 of 2.png", "");
        var line = typed.Replace("FILE", file, StringComparison.Ordinal)
            .Replace("ESCAPED", file.Replace(" ", @"\ ", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("ADDRESS", new Uri(file).AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(new ChatLine.Show(file, words), ChatLine.Read(line));
    }

    [Theory]
    [InlineData("none.png", "none.png")]
    [InlineData("./none", "./none")]
    [InlineData("/tmp/none.txt", "/tmp/none.txt")]
    [InlineData("\"my shots/none.webp\"", "my shots/none.webp")]
    [InlineData("file:///tmp/none%201.png", "/tmp/none 1.png")]
    public void What_looks_like_a_path_is_one_also_where_no_file_is(string line, string path) =>
        Assert.Equal(new ChatLine.Show(path, null), ChatLine.Read(line));

    [Fact]
    public void A_tilde_is_the_home_folder() => Assert.Equal(
        new ChatLine.Show(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "no such.png"), null),
        ChatLine.Read("'~/no such.png'"));

    [Theory]
    [InlineData("now click OK")]
    [InlineData("\"OK\" please")]
    [InlineData("\"OK\"")]
    [InlineData("''")]
    [InlineData("\"")]
    [InlineData("open report.png in the viewer")]
    [InlineData("/ or something")]
    [InlineData("Klick auf „Übernehmen“")]
    public void Other_lines_are_words(string line) => Assert.Equal(new ChatLine.Say(line), ChatLine.Read(line));

    [Theory]
    [InlineData("/undo", "undo", "")]
    [InlineData(" /drop  2 ", "drop", "2")]
    [InlineData("/save my file.session", "save", "my file.session")]
    [InlineData("/xyzzy", "xyzzy", "")]
    public void A_slash_and_a_word_are_a_command(string line, string name, string argument) =>
        Assert.Equal(new ChatLine.Command(name, argument), ChatLine.Read(line));

    [Theory]
    [InlineData("")]
    [InlineData("  \t")]
    public void An_empty_line_is_the_next_screenshot(string line) => Assert.Equal(new ChatLine.Next(), ChatLine.Read(line));

    [Fact]
    public void A_NUL_is_refused() => Assert.Contains(@"a\x00b holds a NUL", Assert.Throws<StarKvException>(() => ChatLine.Read("a\0b")).Message, StringComparison.Ordinal);
}
