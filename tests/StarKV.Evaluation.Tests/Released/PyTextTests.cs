using System.Globalization;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class PyTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a b", "a b")]
    [InlineData("  ", "")]
    [InlineData(" \t\r\n\v\fa b\n ", "a b")]
    [InlineData("\x1c\x1d\x1e\x1f\u0085\u00a0\u2028a\u3000\x1c\x1d\x1e\x1f", "a")]
    [InlineData("\x1b\u200b\ufeff", "\x1b\u200b\ufeff")]
    public void Blanks_are_those_of_Python(string text, string stripped) => Assert.Equal(stripped, PyText.Strip(text));

    [Fact]
    public void The_end_stays_when_only_the_start_is_stripped() => Assert.Equal("a \n", PyText.StripStart(" \u001ca \n"));

    [Theory]
    [InlineData("12", 12)]
    [InlineData(" -12.5\n", -12.5)]
    [InlineData("\u0085+.5\u2028", 0.5)]
    [InlineData("3.", 3)]
    [InlineData("1_000.2_5", 1000.25)]
    [InlineData("1e-2", 0.01)]
    [InlineData("1e999", double.PositiveInfinity)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+Infinity", double.PositiveInfinity)]
    [InlineData("-INF", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("-NaN", double.NaN)]
    [InlineData("٣.٥", 3.5)]
    [InlineData("\U0001D7D3", 5)] // a bold 5, beyond the first 65,536 characters
    public void Numbers_are_read_as_float_reads_them(string text, double number) => Assert.Equal(number, PyText.Float(text));

    [Theory]
    [InlineData("")]
    [InlineData("left")]
    [InlineData("12px")]
    [InlineData("1,5")]
    [InlineData("1 2")]
    [InlineData("--1")]
    [InlineData("1__0")]
    [InlineData("_1")]
    [InlineData("0x10")]
    [InlineData("xinf")]
    [InlineData("+-inf")]
    [InlineData("½")]
    [InlineData("3é")]
    public void What_float_refuses_is_a_ValueError(string text) =>
        Assert.Equal("ValueError", Assert.Throws<PythonException>(() => PyText.Float(text)).Name);

    [Theory]
    [InlineData("5", "5")]
    [InlineData(" -05\n", "-5")]
    [InlineData("+1_000", "1000")]
    [InlineData("٤٢", "42")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    public void Whole_numbers_are_read_as_int_reads_them(string text, string number) =>
        Assert.Equal(number, PyText.Int(text).ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("5.0")]
    [InlineData("1e3")]
    [InlineData("--5")]
    [InlineData("0x1")]
    [InlineData("5_")]
    public void What_int_refuses_is_a_ValueError(string text) =>
        Assert.Equal("ValueError", Assert.Throws<PythonException>(() => PyText.Int(text)).Name);

    [Fact]
    public void A_whole_number_has_4300_digits_at_most()
    {
        Assert.Equal(new string('7', 4300), PyText.Int("-" + new string('7', 4300)).ToString(CultureInfo.InvariantCulture)[1..]);
        Assert.Throws<PythonException>(() => PyText.Int(new string('7', 4301)));
    }
}
