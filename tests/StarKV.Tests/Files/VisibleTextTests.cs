using System.Globalization;
using System.Text.Json;
using CsCheck;
using StarKV.Files;

namespace StarKV.Tests.Files;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("\x1b]0;OWNED\a\x1b[2J", @"\x1b]0;OWNED\x07\x1b[2J")]
    [InlineData("a\r\nb\tc", @"a\r\nb\tc")]
    [InlineData("\0\x7f\x80\x9b", @"\x00\x7f\x80\x9b")]
    [InlineData("\u202egnp.exe\u2066\u200f\u061c", @"\u202egnp.exe\u2066\u200f\u061c")]
    [InlineData("\u2028\u2029\ufeff\u200b\u00ad", @"\u2028\u2029\ufeff\u200b\xad")]
    [InlineData("\U000e0041", @"\U000e0041")]
    public void What_would_steer_is_written_as_python_writes_it(string text, string shown) => Assert.Equal(shown, VisibleText.Line(text));

    [Theory]
    [InlineData("")]
    [InlineData(@"C:\screens\new.png 'ä' “—” 設定 العربية 😀 👩‍💻 می‌خواهم")]
    public void Other_text_is_the_very_text(string text)
    {
        Assert.Same(text, VisibleText.Line(text));
        Assert.Same(text, VisibleText.Lines(text));
    }

    // No data of a theory: attributes cannot hold half of a character.
    [Fact]
    public void Half_of_a_character_is_shown() => Assert.Equal(@"\ude00x\ud83d", VisibleText.Line("\ude00x\ud83d"));

    [Fact]
    public void Lines_of_an_answer_stay_lines() => Assert.Equal("Thought: a\nAction: b\\r\n", VisibleText.Lines("Thought: a\nAction: b\r\n"));

    [Fact]
    public void Json_says_what_it_said()
    {
        const string said = "\x1b\x85\u202e\u2028\ufeff\U000e0041 [😀] \n";
        var json = VisibleText.Json($"{{\n  \"a\": \"{said.Replace("\x1b", @"\u001b", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}\"\n}}");
        Assert.All(json, c => Assert.True(c is '\n' || !Steers(c), $"U+{(int)c:X4}"));
        Assert.Equal(said, JsonDocument.Parse(json).RootElement.GetProperty("a").GetString());
    }

    [Fact]
    public void Nothing_shown_steers() => Gen.String.Sample(text =>
    {
        Assert.DoesNotContain(VisibleText.Line(text), Steers);
        Assert.DoesNotContain(VisibleText.Lines(text), c => c != '\n' && Steers(c));
        Assert.Equal(VisibleText.Line(text), VisibleText.Line(VisibleText.Line(text)));
    });

    private static bool Steers(char c) => char.IsControl(c) || c is not ('\u200c' or '\u200d') && char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
