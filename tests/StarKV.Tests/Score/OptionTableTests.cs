using StarKV.Score;

namespace StarKV.Tests.Score;

/// <summary>Reading, checking and describing a method's options.</summary>
public sealed class OptionTableTests
{
    private sealed record Options(double Share = 0.25, int Count = 3, int Odd = 5, bool On = true, DayOfWeek Day = DayOfWeek.Monday);

    private static readonly OptionTable<Options> s_table = new OptionTable<Options>("tried")
        .Number("share", o => o.Share, (o, v) => o with { Share = v }, 0.125, 2, "a share")
        .Whole("count", o => o.Count, (o, v) => o with { Count = v }, 2, 4, "a count")
        .Whole("odd", o => o.Odd, (o, v) => o with { Odd = v }, 1, 9, "an odd number", odd: true)
        .Switch("on", o => o.On, (o, v) => o with { On = v }, "a switch")
        .Choice("day", o => o.Day, (o, v) => o with { Day = v }, "a day", ("mon", DayOfWeek.Monday), ("tue", DayOfWeek.Tuesday));

    private static Options Read(params (string Name, string Value)[] values) => s_table.Read(new Options(), values.ToDictionary(v => v.Name, v => v.Value));

    private static string Refused(Func<Options> read) => Assert.Throws<StarKvException>(read).Message;

    [Fact]
    public void Every_option_is_described_with_default_bounds_and_meaning() => Assert.Equal(
        [
            new("share", "0.25", "0.125 to 2", "a share"), new("count", "3", "2 to 4", "a count"), new("odd", "5", "odd, 1 to 9", "an odd number"),
            new("on", "on", "on or off", "a switch"), new("day", "tue", "mon or tue", "a day"),
        ],
        s_table.Describe(new Options { Day = DayOfWeek.Tuesday }));

    [Fact]
    public void Values_are_read_on_top_of_the_options()
    {
        Assert.Equal(new Options(0.5, 4, 7, false, DayOfWeek.Tuesday), Read(("share", "0.5"), ("count", "4"), ("odd", "7"), ("on", "off"), ("day", "tue")));
        Assert.Equal(new Options(Count: 2), Read(("count", "2")));
        Assert.Equal(new Options(), Read());
    }

    [Theory]
    [InlineData("share", "0.125", "0.124")]
    [InlineData("share", "2", "2.001")]
    [InlineData("count", "2", "1")]
    [InlineData("count", "4", "5")]
    [InlineData("odd", "1", "2")]
    [InlineData("odd", "9", "11")]
    public void Bounds_belong_to_the_range(string name, string inside, string outside)
    {
        Read((name, inside));
        Assert.StartsWith($"tried: option {name} is {outside}; it must be ", Refused(() => Read((name, outside))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("share", "NaN")]
    [InlineData("share", "a half")]
    [InlineData("count", "2.5")]
    [InlineData("on", "yes")]
    [InlineData("day", "Monday")]
    public void What_cannot_be_read_or_is_no_number_is_refused(string name, string value) =>
        Assert.StartsWith($"tried: option {name} is {(value == "NaN" ? value : $"'{value}'")}; it must be ", Refused(() => Read((name, value))), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones() =>
        Assert.StartsWith("tried has no option 'shares'; it has share, count, odd, on, day.", Refused(() => Read(("shares", "1"))), StringComparison.Ordinal);

    [Fact]
    public void Options_made_in_code_are_checked()
    {
        Assert.Equal(new Options(Count: 4), s_table.Checked(new Options(Count: 4)));
        Assert.Equal("tried: option odd is 4; it must be odd, 1 to 9.", Refused(() => s_table.Checked(new Options(Odd: 4))));
        Assert.Throws<StarKvException>(() => s_table.Checked(new Options(Odd: -1)));
    }

    [Fact]
    public void A_method_says_in_words_which_heads_keep_tokens_of_their_own_and_where_it_comes_from()
    {
        Assert.Equal("one per layer, for all its heads", Methods.Get("star-kv").Selection);
        Assert.Equal("one for each KV head", Methods.Get("knorm").Selection);
        Assert.StartsWith("one for each KV head; with granularity=query-head", Methods.Get("snapkv").Selection, StringComparison.Ordinal);
        Assert.Equal((null, "https://arxiv.org/abs/2404.14469"), (Methods.Get("full").PaperLink, Methods.Get("snapkv").PaperLink));
    }

    [Fact]
    public void A_preset_s_options_stand_below_those_that_are_named()
    {
        Dictionary<string, string> Named(params (string Name, string Value)[] options) => options.ToDictionary(o => o.Name, o => o.Value);
        Assert.Equal(PyramidRounding.Published, Rounding(Methods.Create("pyramidkv", Named(("preset", "reference")))));
        Assert.Equal(PyramidRounding.Exact, Rounding(Methods.Create("pyramidkv", Named(("preset", "reference"), ("rounding", "exact")))));
        Assert.Equal(PyramidRounding.Exact, Rounding(Methods.Create("pyramidkv")));
        Assert.Contains("full has no options, but a, b was given", Assert.Throws<StarKvException>(() => Methods.Create("full", Named(("a", "1"), ("b", "2")))).Message, StringComparison.Ordinal);
        Assert.Equal("full", Methods.Create("full", Named()).Name);
    }

    private static PyramidRounding Rounding(ICompressionMethod method) => ((PyramidBudget)method.LayerBudget).Rounding;
}
