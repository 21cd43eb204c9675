using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class JsTextTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a b", "a b", "a b")]
    [InlineData(" \t\r\n\v\fa b\n ", "a b", "a b\n ")]
    [InlineData(" \n ", "", "")]
    [InlineData("\uFEFF\u00a0\u2028\u3000a\u2029\uFEFF", "a", "a\u2029\uFEFF")]
    [InlineData("\u0085a\u0085", "\u0085a\u0085", "\u0085a\u0085")] // blank in .NET and Python, not in JavaScript
    [InlineData("\u200ba\u200b", "\u200ba\u200b", "\u200ba\u200b")]
    public void Blanks_are_those_of_JavaScript(string text, string trimmed, string trimmedAtStart) =>
        Assert.Equal((trimmed, trimmedAtStart), (JsText.Trim(text), JsText.TrimStart(text)));

    [Theory]
    [InlineData("12", 12)]
    [InlineData("  -12.5px", -12.5)]
    [InlineData("+.5.5", 0.5)]
    [InlineData("3.", 3)]
    [InlineData("1e3x", 1000)]
    [InlineData("1e", 1)]
    [InlineData("1e-2", 0.01)]
    [InlineData("0x10", 0)]
    [InlineData("1_000", 1)]
    [InlineData("1e999", double.PositiveInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("+Infinity and beyond", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("infinity", double.NaN)]
    [InlineData("NaN", double.NaN)]
    [InlineData("", double.NaN)]
    [InlineData("- 1", double.NaN)]
    [InlineData("px12", double.NaN)]
    [InlineData("٣", double.NaN)]
    public void Numbers_are_read_as_parseFloat_reads_them(string text, double number) => Assert.Equal(number, JsText.ParseFloat(text));

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2.4, 2)]
    [InlineData(2.5, 3)]
    [InlineData(2.6, 3)]
    [InlineData(3.5, 4)]
    [InlineData(0.49999999999999994, 0)] // floor(x + 0.5) would be 1
    [InlineData(-0.4, 0)]
    [InlineData(-0.5, 0)]
    [InlineData(-1.5, -1)]
    [InlineData(-1.6, -2)]
    [InlineData(-2, -2)]
    [InlineData(4503599627370497, 4503599627370497)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Halves_go_up_as_in_Math_round(double value, double rounded) => Assert.Equal(rounded, JsText.Round(value) + 0);
}
