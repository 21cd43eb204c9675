using StarKV.Text;

namespace StarKV.Tests.Text;

public sealed class NfcTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("\u212B\u2126", "\u00C5\u03A9")] // one character that stands for another
    [InlineData("n\u0303\u0303", "\u00F1\u0303")]
    [InlineData("a\u0307\u0323", "\u1EA1\u0307")] // marks change places
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("\u0344", "\u0308\u0301")] // decomposed for good
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")] // Hangul by arithmetic
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")] // beyond U+FFFF
    [InlineData("\uD804\uDC99\uD804\uDCBA", "\uD804\uDC9A")]
    [InlineData("a\u0315\u0300\u05AE\u0300\u0062", "\u00E0\u05AE\u0300\u0315\u0062")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("\uFB01\uFF12", "\uFB01\uFF12")] // compatibility forms stay
    public void Text_comes_in_form_C(string text, string expected)
    {
        Assert.Equal(expected, Nfc.Normalize(text));
        Assert.Equal(expected, Nfc.Normalize(expected));
    }

    // Not a row above: attributes are stored as UTF-8, which has no unpaired surrogates.
    [Fact]
    public void An_unpaired_surrogate_is_replaced() => Assert.Equal("x\uFFFD", Nfc.Normalize("x\uD800"));
}
