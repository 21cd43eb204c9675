using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Values whose quotes are forgotten, not escaped or of another kind. The first argument of each call is looked at.</summary>
public class QuotedValuesTests
{
    [Theory]
    [InlineData("type(content='')", "")]
    [InlineData("type('abc')", "abc")]
    [InlineData("type(content='a (b'c) d')", "a (b'c) d")]
    [InlineData("type(content='f('x') and more')", "f('x') and more")]
    [InlineData("type(content='g('a', b='c') done')", "g('a', b='c') done")]
    [InlineData("type(content='sad :( face')", "sad :( face")]
    [InlineData("type(content='sad :( face')\nwait()", "sad :( face")]
    [InlineData("type(content='sad :( face')\nThought: no", "sad :( face")]
    [InlineData("type(content='sad :( face')[EOS]", "sad :( face")]
    [InlineData("type(content='sad :( face')\ntype(content='glad :) now')", "sad :( face")]
    [InlineData("type(content='say 'hi'\nnow')", "say 'hi'\nnow")]
    [InlineData("type(content='say 'hi' wait() ok')", "say 'hi' wait() ok")]
    [InlineData("drag(start_box='(1,2', end_box='(3,4)')", "(1,2")]
    [InlineData("drag(start_box='(1,2)' , end_box='(3,4)')", "(1,2)")]
    [InlineData("click(start_box='(1,2)' )", "(1,2)")]
    [InlineData("type(content='a :) b', foo='c')", "a :) b")]
    [InlineData("type(content='(a', b='c)', x='d')", "(a', b='c)")]
    [InlineData("type(content='abc',)", "abc")]
    [InlineData("type(content='abc' , )", "abc")]
    [InlineData("type(content='sad :( face',)\nwait()", "sad :( face")]
    [InlineData("type(content='f('x',) and more')", "f('x',) and more")]
    [InlineData("type(content='say 'hi',) now')", "say 'hi',) now")]
    public void The_closing_quote_is_found_among_others_of_its_kind(string call, string value) => AssertValue(call, value, Closing.Same);

    [Theory]
    [InlineData(@"type(content='C:\')", @"C:\")]
    [InlineData(@"type(content='C:\', foo=1)", @"C:\")]
    [InlineData(@"type(content='it\'s')", @"it\'s")]
    public void An_escaped_quote_ends_a_value_only_where_no_other_does(string call, string raw) => AssertValue(call, raw, Closing.Same);

    [Theory]
    [InlineData("type(content='f('x') and more", "f('x")]
    [InlineData("type(content='f('x') g('y') and more", "f('x")]
    public void Without_a_sure_end_the_first_possible_one_counts(string call, string value) => AssertValue(call, value, Closing.Same);

    [Theory]
    [InlineData("type(content='abc\")", "abc")]
    [InlineData("type(content='abc\" )", "abc")]
    [InlineData("type(content=\"abc')\nwait()", "abc")]
    [InlineData("type(content='abc\",)", "abc")]
    [InlineData("click(start_box='(1,2)\", time='2')", "(1,2)")]
    [InlineData("type(content=\"don't stop')", "don't stop")]
    [InlineData("type(content=\"say 'hi' now')", "say 'hi' now")]
    public void Another_kind_of_quote_ends_a_value_where_it_is_no_second_of_a_pair(string call, string value) =>
        AssertValue(call, value, Closing.Odd);

    [Theory]
    [InlineData("type(content='say \"hi\")')", "say \"hi\")")]
    [InlineData("type(content='a\", foo='b')", "a\", foo='b")]
    [InlineData("type(content='a\" b')", "a\" b")]
    public void Another_kind_of_quote_is_a_character_elsewhere(string call, string value) => AssertValue(call, value, Closing.Same);

    [Theory]
    [InlineData("type(content=“abc”)")]
    [InlineData("type(content=“abc”, foo=1)")]
    [InlineData("type(content=”abc“, foo=1)")]
    [InlineData("type(content=”abc”, foo=1)")]
    [InlineData("type(content=“abc\", foo=1)")]
    [InlineData("type(content=‘abc’, foo=1)")]
    [InlineData("type(content=’abc‘, foo=1)")]
    [InlineData("type(content=’abc’, foo=1)")]
    [InlineData("type(content=‘abc', foo=1)")]
    public void Typographic_quotes_are_closed_by_one_of_their_own_or_a_straight_one(string call) => AssertValue(call, "abc", Closing.Same);

    [Theory]
    [InlineData("type(content='abc", "abc")]
    [InlineData("type(content='abc \n", "abc")]
    [InlineData("type(content='abc)", "abc")]
    [InlineData("type(content='abc) ", "abc")]
    [InlineData("type(content=\"say 'hi')", "say 'hi'")]
    [InlineData("type(content='", "")]
    [InlineData("type(content=')", "")]
    [InlineData("type(content='abc\"", "abc\"")]
    [InlineData("type(content='a\\", "a\\")]
    [InlineData("type(content='abc\nAction: wait()", "abc")]
    [InlineData("type(content='abc)\n\nThought: no", "abc")]
    public void Without_a_closing_quote_a_value_reaches_to_the_next_header(string call, string raw) => AssertValue(call, raw, Closing.Missing);

    [Fact]
    public void A_quote_at_the_start_of_a_text_closes_nothing() =>
        Assert.Equal((2, 2, Closing.Missing), new QuotedValues("'a", ReadingBudget.For(2)).Find(0));

    [Fact]
    public void Reading_goes_on_behind_the_closing_quote_or_at_the_parenthesis()
    {
        Assert.Equal((2, 3, Closing.Same), new QuotedValues("'a')", ReadingBudget.For(4)).Find(0));
        Assert.Equal((2, 3, Closing.Odd), new QuotedValues("'a\")", ReadingBudget.For(4)).Find(0));
        Assert.Equal((2, 2, Closing.Missing), new QuotedValues("'a)", ReadingBudget.For(3)).Find(0));
        Assert.Equal((3, 4, Closing.Same), new QuotedValues(@"'a\')", ReadingBudget.For(5)).Find(0));
    }

    private static void AssertValue(string call, string raw, Closing closing)
    {
        var open = call.IndexOfAny(['\'', '"', '“', '”', '‘', '’']);
        var (end, _, how) = new QuotedValues(call, ReadingBudget.For(call.Length)).Find(open);
        Assert.Equal((raw, closing), (call[(open + 1)..end], how));
    }
}
