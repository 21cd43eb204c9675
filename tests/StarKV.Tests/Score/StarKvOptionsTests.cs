using System.Globalization;
using StarKV.Score;

namespace StarKV.Tests.Score;

public sealed class StarKvOptionsTests
{
    public static TheoryData<string, string> OutOfBounds { get; } = MakeOutOfBounds();

    // From the table's own bounds: a number just beyond either end, what is no number, and what is none of the choices.
    private static TheoryData<string, string> MakeOutOfBounds()
    {
        var data = new TheoryData<string, string>();
        foreach (var option in StarKvOptions.Table.Describe(StarKvOptions.Session))
        {
            data.Add(option.Name, "junk");
            data.Add(option.Name, "");
            if (!option.Bounds.Contains(" to ", StringComparison.Ordinal))
                continue;
            var ends = option.Bounds.Replace("odd, ", "", StringComparison.Ordinal).Split(" to ").Select(e => double.Parse(e, CultureInfo.InvariantCulture)).ToArray();
            data.Add(option.Name, (ends[0] - 1).ToString(CultureInfo.InvariantCulture));
            data.Add(option.Name, (ends[1] + 1).ToString(CultureInfo.InvariantCulture));
            data.Add(option.Name, "NaN");
        }

        data.Add("kernel", "4");
        data.Add("alpha", "Infinity");
        return data;
    }

    [Theory]
    [MemberData(nameof(OutOfBounds))]
    public void A_value_out_of_bounds_names_its_option(string name, string value)
    {
        var error = Assert.Throws<StarKvException>(() => Methods.Create("star-kv", new Dictionary<string, string> { [name] = value }));
        Assert.Contains($"star-kv: option {name} is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("it must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_ends_of_every_range_are_accepted()
    {
        foreach (var option in StarKvOptions.Table.Describe(StarKvOptions.Session))
        {
            foreach (var end in option.Bounds.Replace("odd, ", "", StringComparison.Ordinal).Split([" to ", " or "], StringSplitOptions.None))
                Methods.Create("star-kv", new Dictionary<string, string> { [option.Name] = end });
        }
    }

    [Fact]
    public void Every_property_is_in_the_table()
    {
        var properties = typeof(StarKvOptions).GetProperties().Count(p => p.CanWrite && p.GetMethod!.IsStatic is false);
        Assert.Equal(properties, StarKvOptions.Table.Describe(StarKvOptions.Session).Count);
    }

    [Fact]
    public void Options_given_in_code_are_checked_too()
    {
        var error = Assert.Throws<StarKvException>(() => new StarKv(StarKvOptions.Session with { Window = 257 }));
        Assert.Contains("option window is 257; it must be 1 to 256", error.Message, StringComparison.Ordinal);
        Assert.Throws<StarKvException>(() => new StarKv(StarKvOptions.Session with { Alpha = double.NaN }));
    }

    [Fact]
    public void The_presets_differ_in_the_grid_alone()
    {
        Assert.Equal((ScreenGrid.Square, ScreenGrid.True), (StarKvOptions.Reference.Grid, StarKvOptions.Session.Grid));
        Assert.Equal(StarKvOptions.Session, StarKvOptions.Reference with { Grid = ScreenGrid.True });
    }
}
