using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

/// <summary>What <c>ast.parse(…, mode="eval")</c> makes of a text; lambdas and comprehensions apart.</summary>
public sealed class PyExpressionTests
{
    private static string Read(string source) => Show(PyExpression.Parse(source));

    private static string Show(PyValue? value) => value switch
    {
        null => "invalid",
        PyString text => $"'{text.Value}'",
        PyNumber number => number.Text,
        PyCall call => $"{call.Name ?? "?"}({string.Join(", ", call.Positional.Select(Show).Concat(call.Keywords.Select(k => $"{k.Name ?? "**"}={Show(k.Value)}")))})",
        PyOther other => other.LastName ?? "…",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    [Theory]
    [InlineData("click(start_box='(1,2)')", "click(start_box='(1,2)')")]
    [InlineData(" wait( ) ", "wait()")]
    [InlineData("mobile.click(x=1)", "click(x=1)")]
    [InlineData("a.b.c()", "c()")]
    [InlineData("f()()", "?()")]
    [InlineData("f()[0]()", "?()")]
    [InlineData("f()[0].g()", "g()")]
    [InlineData("'a'.join(x)", "join(x)")]
    [InlineData("(click)(1)", "click(1)")]
    [InlineData("(a, b)(1)", "?(1)")]
    [InlineData("f(1, 'b', *c, d=2, **e)", "f(1, 'b', …, d=2, **=…)")]
    [InlineData("f(**a, b=1)", "f(**=…, b=1)")]
    [InlineData("f(a=1, *b)", "f(…, a=1)")]
    [InlineData("f(a=1, a=2,)", "f(a=1, a=2)")]
    [InlineData("f(a, b)", "f(a, b)")]
    [InlineData("f(a == 1)", "f(…)")]
    [InlineData("f(a=b == 1)", "f(a=…)")]
    public void A_call_has_the_last_name_and_its_arguments(string source, string read) => Assert.Equal(read, Read(source));

    [Theory]
    [InlineData("'a'", "'a'")]
    [InlineData("'a' \"b\"", "'ab'")]
    [InlineData("u'a' r'\\n'", "'a\\n'")]
    [InlineData("R'\\x4'", "'\\x4'")]
    [InlineData("'a\\nb'", "'a\nb'")]
    [InlineData("'''a\nb'''", "'a\nb'")]
    [InlineData("f'a'", "…")]
    [InlineData("'a' F'b'", "…")]
    [InlineData("f'a' 'b'", "…")]
    [InlineData("b'a'", "…")]
    [InlineData("b'a' Rb'c'", "…")]
    [InlineData("'a', 'b'", "…")]
    [InlineData("'a' + 'b'", "…")]
    [InlineData("'a'[0]", "…")]
    [InlineData("1.5e3", "1.5e3")]
    [InlineData("0x1F", "0x1F")]
    [InlineData("1_000j", "1_000j")]
    [InlineData("-1", "-1")]
    [InlineData("+ .5", "+.5")]
    [InlineData("--1", "…")]
    [InlineData("-+1", "…")]
    [InlineData("~1", "…")]
    [InlineData("not 1", "…")]
    [InlineData("-a", "…")]
    [InlineData("-'a'", "…")]
    [InlineData("((1))", "1")]
    [InlineData("(-1)", "-1")]
    [InlineData("-(1)", "-1")]
    [InlineData("a", "a")]
    [InlineData("a.b", "b")]
    [InlineData("None", "…")]
    [InlineData("True", "…")]
    [InlineData("...", "…")]
    public void Texts_and_numbers_are_told_from_everything_else(string source, string read) => Assert.Equal(read, Read(source));

    [Theory]
    [InlineData("1 + 2 * 3 ** -4 // 5 % 6 @ 7")]
    [InlineData("1 << 2 >> 3 & 4 | 5 ^ 6 / 7 - 8")]
    [InlineData("a < b <= c > d >= e == f != g")]
    [InlineData("a and b or not c")]
    [InlineData("a in b")]
    [InlineData("a not in b")]
    [InlineData("a is b")]
    [InlineData("a is not b")]
    [InlineData("a if b else c")]
    [InlineData("a if b else c if d else e")]
    [InlineData("()")]
    [InlineData("(1,)")]
    [InlineData("(1, 2)")]
    [InlineData("(*a, 1)")]
    [InlineData("(1, *a,)")]
    [InlineData("1, 2")]
    [InlineData("f(), g()")]
    [InlineData("f(),")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[1, *a, (2),]")]
    [InlineData("{}")]
    [InlineData("{1}")]
    [InlineData("{1, *a,}")]
    [InlineData("{1: 2, 'b': c,}")]
    [InlineData("a[1]")]
    [InlineData("a[1:2]")]
    [InlineData("a[:]")]
    [InlineData("a[::2]")]
    [InlineData("a[1:]")]
    [InlineData("a[1, 2]")]
    [InlineData("a[:, 1]")]
    [InlineData("a[1,]")]
    [InlineData("[(1), {2: [3]}]")]
    [InlineData("(1) # one")]
    [InlineData("(1)\n# one\n\n")]
    [InlineData("a\n")]
    [InlineData("(\n1\n)")]
    [InlineData("[\n1\r]")]
    [InlineData("{\r\n1\r\n}")]
    [InlineData("((1)\n + 2)")]
    [InlineData("([1]\n + 2)")]
    [InlineData("({1}\n + 2)")]
    [InlineData("(# one\n1)")]
    public void Other_expressions_are_read(string source) => Assert.NotEqual("invalid", Read(source));

    [Theory]
    [InlineData("")]
    [InlineData("Then it opens.")]
    [InlineData("f() g()")]
    [InlineData("f() 'a'")]
    [InlineData("f(")]
    [InlineData("f)")]
    [InlineData("f())")]
    [InlineData("f(a b)")]
    [InlineData("f(,)")]
    [InlineData("f(a,,b)")]
    [InlineData("f(a=1 b=2)")]
    [InlineData("f(a=)")]
    [InlineData("f(a=1, b)")]
    [InlineData("f(**a, b)")]
    [InlineData("f(**)")]
    [InlineData("f(*)")]
    [InlineData("f(1=2)")]
    [InlineData("f('a'=2)")]
    [InlineData("f(a.b=2)")]
    [InlineData("f(if=2)")]
    [InlineData("f(None=2)")]
    [InlineData("f(a")]
    [InlineData("f(a=")]
    [InlineData("f(a=1")]
    [InlineData("a.")]
    [InlineData("a.if")]
    [InlineData("a.1")]
    [InlineData("a.'b'")]
    [InlineData("if")]
    [InlineData("a if b")]
    [InlineData("a if b c")]
    [InlineData("a if b else")]
    [InlineData("a if else c")]
    [InlineData("a not")]
    [InlineData("a not b")]
    [InlineData("a not in")]
    [InlineData("a is")]
    [InlineData("a 'in' b")]
    [InlineData("1 +")]
    [InlineData("+")]
    [InlineData("* 1 2")]
    [InlineData("1,,2")]
    [InlineData("1 2")]
    [InlineData("(1 2)")]
    [InlineData("(1")]
    [InlineData("(1,")]
    [InlineData("(,)")]
    [InlineData("(1]")]
    [InlineData("(1,]")]
    [InlineData("[1")]
    [InlineData("[1 2]")]
    [InlineData("[,]")]
    [InlineData("[1: 2]")]
    [InlineData("[**a]")]
    [InlineData("[1)")]
    [InlineData("{1 2}")]
    [InlineData("{1:}")]
    [InlineData("{1: 2 3: 4}")]
    [InlineData("{:}")]
    [InlineData("a[]")]
    [InlineData("a[,]")]
    [InlineData("a[1")]
    [InlineData("'a")]
    [InlineData("'a\nb'")]
    [InlineData("'\\x4'")]
    [InlineData("b'a' 'c'")]
    [InlineData("'a' b'c'")]
    [InlineData("f'a' b'c'")]
    [InlineData("01")]
    [InlineData("1a")]
    [InlineData("1__0")]
    [InlineData("a ? b")]
    [InlineData("$")]
    [InlineData("a = 1")]
    [InlineData("f\n()")]
    [InlineData("f()\ng()")]
    [InlineData("(1)\n+ 2")]
    [InlineData("[1]\n+ 2")]
    [InlineData("{1}\n+ 2")]
    public void What_is_a_syntax_error_in_Python_is_invalid(string source) => Assert.Equal("invalid", Read(source));

    [Fact]
    public void Many_parts_beside_each_other_are_not_deep()
    {
        var parts = string.Join(", ", Enumerable.Repeat("g(1, a=(2))", 300));
        Assert.StartsWith("f(g(1, a=2), g(", Read($"f({parts})"), StringComparison.Ordinal);
        Assert.Equal("?()", Read("f" + string.Concat(Enumerable.Repeat("()", 300))));
    }

    [Fact]
    public void Nesting_ends_where_Python_has_too_many_parentheses() // at 200
    {
        Assert.Equal("1", Read(Nested("(", 199, "1", ")")));
        Assert.Equal("invalid", Read(Nested("(", 201, "1", ")")));
        Assert.Equal("invalid", Read(Nested("f(", 201, "", ")")));
        Assert.Equal("invalid", Read(Nested("[", 100_000, "", "]")));
        Assert.Equal("invalid", Read(Nested("f(a=", 100_000, "1", ")")));
    }

    private static string Nested(string open, int times, string inner, string close) =>
        string.Concat(Enumerable.Repeat(open, times)) + inner + string.Concat(Enumerable.Repeat(close, times));
}
