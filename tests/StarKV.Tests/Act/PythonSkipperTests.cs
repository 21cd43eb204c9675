using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Expressions whose value does not matter, up to the comma or bracket behind them.</summary>
public class PythonSkipperTests
{
    [Theory]
    [InlineData("x", ")")]
    [InlineData("x", ", 1)")]
    [InlineData("x", "]")]
    [InlineData("x", "}")]
    [InlineData("f(a, b)", ", c)")]
    [InlineData("f(a, [1, {2: 3}])", ")")]
    [InlineData("{'a': [1]}", ")")]
    [InlineData("{1, 2}", ")")]
    [InlineData("x[0](1).y", ")")]
    [InlineData("f(a=1)", ")")]
    [InlineData("f(x) + y", ")")]
    [InlineData("'a' 'b' % x", ")")]
    [InlineData("'%s' % (x)", ")")]
    [InlineData("x + 'a, b) c'", ")")]
    [InlineData("x == 1", ")")]
    [InlineData("x != 1", ")")]
    [InlineData("x <= 1", ")")]
    [InlineData("x >= 1", ")")]
    [InlineData("x := 1", ")")]
    [InlineData("a if b else c", ")")]
    [InlineData("not x", ")")]
    [InlineData("a and b or 'c' in d", ")")]
    [InlineData("lambda: 0", ")")]
    [InlineData("~x ** -y // 2", ")")]
    [InlineData("x # a ), b\n", ")")]
    [InlineData("x \\\n + y", ")")]
    public void An_expression_ends_in_front_of_its_comma_or_closing_bracket(string expression, string rest)
    {
        Assert.Equal(expression.Length, End(expression + rest, 0));
        Assert.Equal(expression.Length + 3, End($"a, {expression}{rest}", 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData(")")]
    [InlineData(", x)")]
    [InlineData("x")] // nothing ends it
    [InlineData("x # )")]
    [InlineData("x y)")]
    [InlineData("x 'a')")]
    [InlineData("'a' x)")]
    [InlineData("f(x) y)")]
    [InlineData("f(x) 'a')")]
    [InlineData("f(x y))")]
    [InlineData("x = 1)")]
    [InlineData("f(x])")]
    [InlineData("[x)")]
    [InlineData("{x]})")]
    [InlineData("x ? y)")]
    [InlineData("x $ y)")]
    [InlineData("'a)")]
    public void What_is_no_expression_has_no_end(string source) => Assert.Null(End(source, 0));

    [Fact]
    public void Brackets_are_passed_over_as_deep_as_is_said()
    {
        Assert.Equal(8, PythonSkipper.End("f(((1))),", 0, 3, ReadingBudget.For(9)));
        Assert.Null(PythonSkipper.End("f(((1))),", 0, 2, ReadingBudget.For(9)));
    }

    [Theory]
    [InlineData("x + 'a' , 1)", "x + 'a'", ", 1)")]
    [InlineData("  f(1) )", "f(1)", ")")]
    public void The_reader_keeps_it_as_written(string source, string raw, string rest)
    {
        var reader = new PythonReader(source, 0, ReadingBudget.For(source.Length));
        var value = reader.Expression();
        Assert.Equal((PythonKind.Other, raw, raw, rest), (value?.Kind, value?.Raw, value?.Value, source[reader.At..]));
    }

    private static int? End(string source, int start) => PythonSkipper.End(source, start, 12, ReadingBudget.For(source.Length));
}
