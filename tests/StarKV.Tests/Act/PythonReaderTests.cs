using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Expressions as Python's grammar has them.</summary>
public class PythonReaderTests
{
    [Theory]
    [InlineData("'a'", "a")]
    [InlineData(" 'a' ", "a")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("''", "")]
    [InlineData("''''''", "")]
    [InlineData("'''a'b\nc'''", "a'b\nc")]
    [InlineData("\"\"\"a''' \"b\"\"\"", "a''' \"b")]
    [InlineData(@"'a\'b'", "a'b")]
    [InlineData(@"'a\\'", @"a\")]
    [InlineData("'a\\\nb'", "ab")]
    [InlineData("'a' 'b'", "ab")]
    [InlineData("'a' + 'b' \"c\"", "abc")]
    [InlineData("('a'\n 'b')", "ab")]
    [InlineData("'a' # the first\n", "a")]
    [InlineData("'a' \\\n + 'b'", "ab")]
    [InlineData(@"r'C:\new'", @"C:\new")]
    [InlineData(@"R'a\'b'", @"a\'b")]
    [InlineData(@"rb'\n'", @"\n")]
    [InlineData(@"Br'\n'", @"\n")]
    [InlineData(@"u'\n'", "\n")]
    [InlineData(@"b'\n'", "\n")]
    [InlineData("f'a'", "a")]
    [InlineData("f'a{{b}}c'", "a{b}c")]
    [InlineData(@"F'{{\n'", "{\n")]
    [InlineData(@"fr'}}\n'", @"}\n")]
    public void A_text_has_the_characters_that_it_has_in_Python(string source, string text)
    {
        var value = PythonReader.Whole(source);
        Assert.Equal((PythonKind.Text, text), (value?.Kind, value?.Value));
    }

    [Fact]
    public void The_characters_between_the_quotes_are_kept_too() => Assert.Equal(@"a\nbc", PythonReader.Whole(@"'a\nb' + 'c'")?.Raw);

    [Theory]
    [InlineData("5", "5")]
    [InlineData("-5.25", "-5.25")]
    [InlineData("+.5", "+.5")]
    [InlineData("5.", "5.")]
    [InlineData("1e-3", "1e-3")]
    [InlineData("1_000", "1000")]
    [InlineData("(5)", "5")]
    [InlineData("((5))", "5")]
    public void A_number_has_its_digits(string source, string digits)
    {
        var value = PythonReader.Whole(source);
        Assert.Equal((PythonKind.Number, digits), (value?.Kind, value?.Value));
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("()", "")]
    [InlineData("[ ]", "")]
    [InlineData("[1]", "1")]
    [InlineData("(1,)", "1")]
    [InlineData("( 'a' , 'b' )", "a|b")]
    [InlineData("['a', 'b',]", "a|b")]
    [InlineData("['a', 'b', ]", "a|b")]
    [InlineData("['a',\n 'b', # and\n 'c']", "a|b|c")]
    [InlineData("['a', x, f(1, 2)]", "a|x|f(1, 2)")]
    [InlineData("['a'] + ['b', 'c']", "a|b|c")]
    [InlineData("(['a'])", "a")]
    [InlineData("[(1), (1), (1), (1), (1), (1), (1), (1), (1), (1), (1), (1), (1), (1)]", "1|1|1|1|1|1|1|1|1|1|1|1|1|1")]
    public void A_list_has_its_items(string source, string items)
    {
        var value = PythonReader.Whole(source);
        Assert.Equal((PythonKind.List, items), (value?.Kind, string.Join('|', value!.Items.Select(i => i.Value))));
    }

    [Fact]
    public void A_list_is_kept_as_written() => Assert.Equal("[1,  'a']", PythonReader.Whole(" [1,  'a'] ")?.Raw);

    [Theory]
    [InlineData("'a' + 1")]
    [InlineData("1 + 2")]
    [InlineData("[1] + 2")]
    [InlineData("2 + [1]")]
    [InlineData("f'{x}'")]
    [InlineData("f'a{'")]
    [InlineData("f'}'")]
    [InlineData("f'{}'")]
    [InlineData("'a' f'{x}'")]
    public void A_sum_of_different_kinds_and_a_text_with_placeholders_are_no_literals(string source) =>
        Assert.Equal(PythonKind.Other, PythonReader.Whole(source)?.Kind);

    [Theory]
    [InlineData("")]
    [InlineData("'a")]
    [InlineData("'a\\")]
    [InlineData("'a\\'")]
    [InlineData("'a\nb'")]
    [InlineData("'''a''")]
    [InlineData("'a' +")]
    [InlineData("1 2")]
    [InlineData("1, 2")]
    [InlineData("[1 2]")]
    [InlineData("[,]")]
    [InlineData("[1,,2]")]
    [InlineData("[1")]
    [InlineData("[1)")]
    [InlineData("['a' b]")]
    public void What_is_no_expression_is_nothing(string source) => Assert.Null(PythonReader.Whole(source));

    [Fact]
    public void Lists_are_read_up_to_twelve_deep()
    {
        Assert.Equal(12, Depth(PythonReader.Whole(Nested(12))));
        // What is deeper still is passed over as no literal.
        Assert.Equal(12, Depth(PythonReader.Whole(Nested(13))));
        // What is side by side is not deep.
        Assert.Equal(20, PythonReader.Whole($"[{string.Join(',', Enumerable.Repeat("[1]", 20))}]")?.Items.Count);
    }

    [Theory]
    [InlineData("x = 5", "x", "5")]
    [InlineData("key='a'", "key", "'a'")]
    [InlineData("x == 5", "", "x == 5")]
    [InlineData("'x=5'", "", "'x=5'")]
    public void The_name_of_an_argument_is_in_front_of_one_equals_sign(string source, string key, string rest)
    {
        var reader = new PythonReader(source, 0, ReadingBudget.For(source.Length));
        Assert.Equal((key, rest), (reader.Key(), source[reader.At..]));
    }

    private static int Depth(PythonValue? value) => value switch
    {
        { Kind: PythonKind.List, Items: [var first, ..] } => 1 + Depth(first),
        { Kind: PythonKind.List } => 1,
        _ => 0,
    };

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
