using StarKV.Files;

namespace StarKV.Tests.Files;

public sealed class MessageTextTests
{
    [Fact]
    public void A_hundred_characters_are_shown_and_the_rest_is_cut()
    {
        var text = new string('x', 100);
        Assert.Equal(text, MessageText.Text(text));
        Assert.Equal(text + "…", MessageText.Text(text + "y"));
        Assert.Equal($"'{text}…'", MessageText.Name(text + "yz"));
    }

    [Fact]
    public void A_character_of_two_halves_is_cut_whole()
    {
        var text = new string('x', 99);
        Assert.Equal(text + "…", MessageText.Text(text + "😀"));
        Assert.Equal(text[1..] + "😀…", MessageText.Text(text[1..] + "😀y"));
    }

    [Fact]
    public void A_line_break_is_shown_as_an_escape() => Assert.Equal(@"'a\nb'", MessageText.Name("a\nb"));
}
