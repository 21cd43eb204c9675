using System.Text;
using StarKV.Files;

namespace StarKV.Tests.Files;

public sealed class JsonFieldsTests
{
    private static JsonFields Of(string json) => JsonFile.Parse(Encoding.UTF8.GetBytes(json), "f.json");

    private static JsonFields Row(string json, string source = "") => JsonFields.OfRow(JsonFile.Value(Encoding.UTF8.GetBytes(json), "f.jsonl"), source);

    private static void Says(string message, Func<object?> read) => Assert.Equal(message, Assert.Throws<StarKvException>(read).Message);

    private static string?[] Names(IEnumerable<JsonFields> items) => [.. items.Select(i => i.Text("n"))];

    [Fact]
    public void A_row_is_named_in_errors_unless_its_reader_does_that()
    {
        Assert.Equal("b", Row("""{"a":"b"}""").Text("a"));
        Says("it is [1]; an object is expected.", () => Row("[1]"));
        Says("line 3 is 7; an object is expected.", () => Row("7", "line 3"));
        Says("a is 1; a text is expected.", () => Row("""{"a":1}""").Text("a"));
        Says("line 3: a is 1; a text is expected.", () => Row("""{"a":1}""", "line 3").Text("a"));
    }

    [Fact]
    public void Null_counts_as_missing_everywhere()
    {
        foreach (var json in new[] { "{}", """{"a":null}""" })
        {
            var fields = Of(json);
            Assert.False(fields.Has("a"));
            Assert.Null(fields.Object("a"));
            Assert.Null(fields.Text("a"));
            Assert.Null(fields.AsText("a"));
            Assert.Null(fields.WholeOrNull("a", 0, 1));
            Assert.Null(fields.Wholes("a", 0, 1));
            Assert.Null(fields.Numbers("a", 1));
            Assert.Null(fields.Numbers("a", 1, 0, 1));
            Assert.Empty(fields.Objects("a"));
            Assert.Empty(fields.TextList("a"));
            Assert.Empty(fields.Values("a"));
            Assert.Empty(fields.List("a"));
            Assert.Empty(fields.Tree("a"));
            Assert.Empty(fields.Lists("a"));
            Assert.Empty(fields.NumberRows("a", 1));
            Assert.Equal((true, 5, 6L, 0.5), (fields.Flag("a", true), fields.Size("a", 5), fields.Whole("a", 6, 0, 9), fields.Number("a", 0.5, 0, 1)));
            Assert.False(fields.Flag("a", false));
            foreach (var required in new Func<object>[] { () => fields.RequiredText("a"), () => fields.RequiredObject("a"), () => fields.RequiredNumber("a") })
                Says("f.json: a is missing.", required);
            Says("f.json lacks a, which has no default; take the file of the published model.", () => fields.RequiredSize("a"));
        }
    }

    [Fact]
    public void What_must_be_there_is_read()
    {
        var fields = Of("""{"t":"x","o":{"n":"y"},"number":1.5,"size":7}""");
        Assert.Equal(("x", "y", 1.5, 7), (fields.RequiredText("t"), fields.RequiredObject("o").Text("n"), fields.RequiredNumber("number"), fields.RequiredSize("size")));
        Assert.Equal(["t", "o", "number", "size"], fields.Names);
        Assert.True(fields.Has("t"));
    }

    [Fact]
    public void A_value_of_another_kind_is_named_by_its_path_and_shown_on_one_line()
    {
        var fields = Of("{\"a\":[1,\n   2],\"o\":{\"i\":{\"t\":3}}}");
        Says("f.json: a is [1, 2]; a text is expected.", () => fields.Text("a"));
        Says("f.json: a is [1, 2]; an object is expected.", () => fields.Object("a"));
        Says("f.json: a is [1, 2]; a number is expected.", () => fields.RequiredNumber("a"));
        Says("f.json: o.i.t is 3; a text is expected.", () => fields.Object("o")!.Object("i")!.Text("t"));
        Says("f.json: o.i.u is missing.", () => fields.Object("o")!.Object("i")!.RequiredText("u"));
        Says("f.json lacks o.v, which has no default; take the file of the published model.", () => fields.Object("o")!.RequiredSize("v"));
        Assert.Equal("f.json: wrong", fields.Error("wrong").Message);
    }

    [Fact]
    public void Any_value_is_text_where_that_is_asked_for()
    {
        var fields = Of("""{"t":"x","n":1.50,"f":true}""");
        Assert.Equal(("x", "1.50", "True"), (fields.AsText("t"), fields.AsText("n"), fields.AsText("f")));
    }

    [Fact]
    public void Objects_in_an_object_are_read_past_those_that_are_null()
    {
        Assert.Equal(["1", "2"], Names(Of("""{"a":{"x":{"n":"1"},"y":null,"z":{"n":"2"}}}""").Objects("a")));
        Says("f.json: a.x is 1; an object is expected.", () => Of("""{"a":{"x":1}}""").Objects("a").ToList());
    }

    [Fact]
    public void Every_field_of_an_object_of_texts_is_one()
    {
        Assert.Equal([("x", "1"), ("y", "2")], Of("""{"x":"1","y":"2"}""").Texts());
        Says("f.json: y is null; a text is expected.", () => Of("""{"x":"1","y":null}""").Texts().ToList());
        Says("f.json: o.y is null; a text is expected.", () => Of("""{"o":{"y":null}}""").Object("o")!.Texts().ToList());
        Says("f.json: y is 2; a text is expected.", () => Of("""{"x":"1","y":2}""").Texts().ToList());
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void A_flag_is_read_whatever_stands_for_a_missing_one(string stored, bool flag) =>
        Assert.Equal((flag, flag), (Of($$"""{"a":{{stored}}}""").Flag("a", true), Of($$"""{"a":{{stored}}}""").Flag("a", false)));

    [Theory]
    [InlineData("1")]
    [InlineData("\"true\"")]
    public void A_flag_is_true_or_false(string stored) =>
        Says($"f.json: a is {(stored[0] == '"' ? "\"true\"" : "1")}; true or false is expected.", () => Of($$"""{"a":{{stored}}}""").Flag("a", true));

    [Theory]
    [InlineData("2", true)]
    [InlineData("9", true)]
    [InlineData("1", false)]
    [InlineData("10", false)]
    [InlineData("2.5", false)]
    [InlineData("\"3\"", false)]
    [InlineData("true", false)]
    [InlineData("99999999999999999999", false)]
    public void A_whole_number_lies_within_its_bounds(string stored, bool good)
    {
        var fields = Of($$"""{"a":{{stored}}}""");
        if (good)
            Assert.Equal((long.Parse(stored), long.Parse(stored)), (fields.Whole("a", 5, 2, 9), fields.WholeOrNull("a", 2, 9)));
        else
            Says($"f.json: a is {stored}; a whole number from 2 to 9 is expected.", () => fields.Whole("a", 5, 2, 9));
    }

    [Fact]
    public void A_size_is_at_least_one_and_at_most_a_sixteenth_of_all_whole_numbers()
    {
        // 2^31 / 16 − 1, so that eight times it fits 32 bits.
        Assert.Equal(134_217_727, Of("""{"a":134217727}""").Size("a", 1));
        Says("f.json: a is 134217728; a whole number from 1 to 134217727 is expected.", () => Of("""{"a":134217728}""").Size("a", 1));
        Says("f.json: a is 0; a whole number from 1 to 134217727 is expected.", () => Of("""{"a":0}""").RequiredSize("a"));
        Says("f.json: a is 5; a whole number from 1 to 4 is expected.", () => Of("""{"a":5}""").RequiredSize("a", 4));
        Assert.Equal(4, Of("""{"a":4}""").RequiredSize("a", 4));
    }

    [Theory]
    [InlineData("0.5", true)]
    [InlineData("2", true)]
    [InlineData("0.49", false)]
    [InlineData("2.01", false)]
    [InlineData("1e999", false)]
    [InlineData("\"1\"", false)]
    public void A_number_lies_within_its_bounds(string stored, bool good)
    {
        var fields = Of($$"""{"a":{{stored}}}""");
        if (good)
            Assert.Equal(double.Parse(stored, System.Globalization.CultureInfo.InvariantCulture), fields.Number("a", 1, 0.5, 2));
        else
            Says($"f.json: a is {stored}; a number from 0.5 to 2 is expected.", () => fields.Number("a", 1, 0.5, 2));
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("\"1\"")]
    public void A_number_that_must_be_there_is_one(string stored) =>
        Says($"f.json: a is {stored}; a number is expected.", () => Of($$"""{"a":{{stored}}}""").RequiredNumber("a"));

    [Fact]
    public void Whole_numbers_are_a_list_or_a_bare_one()
    {
        Assert.Equal([3, 1], Of("""{"a":[3,1]}""").Wholes("a", 1, 3)!.Value);
        Assert.Equal([2], Of("""{"a":2}""").Wholes("a", 1, 3)!.Value);
        Assert.Empty(Of("""{"a":[]}""").Wholes("a", 1, 3)!.Value);
        Says("f.json: a is [1,4]; whole numbers from 1 to 3 is expected.", () => Of("""{"a":[1,4]}""").Wholes("a", 1, 3));
        Says("f.json: a is 0; whole numbers from 1 to 3 is expected.", () => Of("""{"a":0}""").Wholes("a", 1, 3));
    }

    [Fact]
    public void Numbers_are_as_many_as_asked_for()
    {
        Assert.Equal([0.5, 2], Of("""{"a":[0.5,2]}""").Numbers("a", 2)!.Value);
        foreach (var stored in new[] { "[1]", "[1,2,3]", "[1,\"2\"]", "[1,null]", "[1,1e999]", "7", "{}" })
            Says($"f.json: a is {stored}; a list of 2 numbers is expected.", () => Of($$"""{"a":{{stored}}}""").Numbers("a", 2));
    }

    [Fact]
    public void Numbers_within_bounds_may_lie_on_them()
    {
        Assert.Equal([0.5, 2], Of("""{"a":[0.5,2]}""").Numbers("a", 2, 0.5, 2)!.Value);
        foreach (var stored in new[] { "[0.4,1]", "[1,2.1]" })
            Says($"f.json: a is {stored}; a list of 2 numbers from 0.5 to 2 is expected.", () => Of($$"""{"a":{{stored}}}""").Numbers("a", 2, 0.5, 2));
    }

    [Fact]
    public void Items_of_a_list_are_named_by_their_place()
    {
        Assert.Equal(["x", "", "y"], Of("""{"a":["x",null,"y"]}""").TextList("a"));
        Assert.Equal(["x", "1"], Of("""{"a":["x",1]}""").Values("a").Select(v => v.ToString()));
        Assert.Equal(["0", "1"], Names(Of("""{"a":[{"n":"0"},{"n":"1"}]}""").List("a")));
        Says("f.json: a[1] is 2; a text is expected.", () => Of("""{"a":["x",2]}""").TextList("a"));
        Says("f.json: a[1] is null; an object is expected.", () => Of("""{"a":[{},null]}""").List("a"));
        Says("f.json: a[1].n is 5; a text is expected.", () => Names(Of("""{"a":[{},{"n":5}]}""").List("a")));
    }

    [Fact]
    public void What_is_no_list_is_refused_by_every_reader_of_lists()
    {
        var fields = Of("""{"a":{}}""");
        foreach (var read in new Func<object>[]
        {
            () => fields.TextList("a"), () => fields.Values("a"), () => fields.List("a"), () => fields.Tree("a"), () => fields.Lists("a"), () => fields.NumberRows("a", 1),
        })
        {
            Says("f.json: a is {}; a list is expected.", read);
        }
    }

    [Fact]
    public void Lists_in_a_list_are_flattened_or_kept_apart_as_asked()
    {
        var tree = Of("""{"a":[{"n":"0"},[{"n":"1"},[{"n":"2"}],[]],{"n":"3"}]}""");
        Assert.Equal(["0", "1", "2", "3"], Names(tree.Tree("a")));
        Says("f.json: a[0] is {\"n\":\"0\"}; a list is expected.", () => tree.Lists("a"));
        Says("f.json: a[1][1] is 4; an object is expected.", () => Of("""{"a":[{},[{},4]]}""").Tree("a"));

        var lists = Of("""{"a":[[{"n":"0"}],[],[{"n":"1"},{"n":"2"}]]}""").Lists("a");
        Assert.Equal([["0"], [], ["1", "2"]], lists.Select(Names));
        Says("f.json: a[0][1] is 4; an object is expected.", () => Of("""{"a":[[{},4]]}""").Lists("a"));
    }

    [Fact]
    public void Rows_of_numbers_are_each_as_long_as_asked_for()
    {
        Assert.Equal([[1, 2], [3, 4.5]], Of("""{"a":[[1,2],[3,4.5]]}""").NumberRows("a", 2).Select(row => row.ToArray()));
        Says("f.json: a[1] is [3]; a list of 2 numbers is expected.", () => Of("""{"a":[[1,2],[3]]}""").NumberRows("a", 2));
        Says("f.json: a[0] is 1; a list of 2 numbers is expected.", () => Of("""{"a":[1]}""").NumberRows("a", 2));
    }
}
