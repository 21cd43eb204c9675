using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Targets;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Tests;

public sealed class InputsTests
{
    [Fact]
    public void A_round_is_the_same_every_time_and_differs_by_seed_and_number()
    {
        var first = Inputs(seed: 1, round: 0);
        Assert.Equal(first, Inputs(seed: 1, round: 0));
        Assert.NotEqual(first, Inputs(seed: 2, round: 0));
        Assert.NotEqual(first, Inputs(seed: 1, round: 1));
        // Few inputs come twice.
        Assert.InRange(first.Distinct().Count(), 0.9 * first.Count, first.Count);
    }

    [Theory]
    [InlineData("png:7:12", 0)]
    [InlineData("js-tagged:18446744073709551615:40001:40000,39999", 2)]
    public void Names_of_inputs_are_read_as_they_are_written(string text, int skipped)
    {
        var number = InputNumber.Parse(text);
        Assert.Equal((text, skipped), (number.ToString(), number.Skip.Count));
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true,"x,y"],"c":{"d":null}}""", new[] { "1", "true", "\"x,y\"", "[true,\"x,y\"]", "null", "{\"d\":null}", "{\"a\":1,\"b\":[true,\"x,y\"],\"c\":{\"d\":null}}" })]
    [InlineData("""{"a":[1""", new[] { "1" })]
    [InlineData("""]} "x" : 2""", new[] { "2" })]
    public void Values_are_found_in_JSON_and_in_what_is_left_of_it(string json, string[] values)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(values, JsonSpans.Of(bytes).Select(s => json[s.From..s.End]));
    }

    [Fact]
    public void Members_take_their_names_along()
    {
        const string json = """{"a" : 1, "b":2}""";
        Assert.Equal("\"a\" : 1", JsonSpans.Of(Encoding.UTF8.GetBytes(json))[0] is var span ? json[span.NameFrom..span.End] : "");
    }

    [Fact]
    public void Checksums_of_a_PNG_are_put_right_in_three_of_four()
    {
        var target = new PngTarget();
        var changed = target.Seeds().First();
        changed[16] ^= 1;
        var right = Enumerable.Range(0, 400).Count(i => HasRightChecksum(target.Repair(changed, new SeededRandom((ulong)i))));
        Assert.InRange(right, 250, 350);
    }

    [Theory]
    [InlineData("'a' is at byte 12 of /dev/shm/x; that is wrong.", "'b' is at byte 3,456 of /tmp/y; that is wrong.", true)]
    [InlineData("the width is 3", "the height is 3", false)]
    public void Outcomes_are_told_apart_by_their_own_words(string first, string second, bool alike) => Assert.Equal(alike, ShapeText.Of(first) == ShapeText.Of(second));

    [Fact]
    public void Options_that_are_none_are_refused()
    {
        Assert.Throws<FormatException>(() => FuzzOptions.Read(["--inptus", "3"]));
        Assert.Throws<FormatException>(() => FuzzOptions.Read(["--inputs"]));
        Assert.Throws<FormatException>(() => FuzzOptions.Read(["--repro", "png:1"]));
        Assert.Equal((3, "png", "x"), FuzzOptions.Read(["--inputs", "3", "--targets", "png", "--out", "x"]) is var read ? ((int)read.Inputs!, read.Targets[0], read.Out) : default);
    }

    private static bool HasRightChecksum(byte[] png) => Crc32.HashToUInt32(png.AsSpan(12, 17)) == BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(29));

    private static List<string> Inputs(ulong seed, int round)
    {
        using var scratch = new Scratch();
        var target = TargetTable.Make("generation-config", scratch);
        var inputs = new List<string>();
        new Round(target, Corpus.Of(target), seed, round).Run(200, new HashSet<long>(), _ => { }, (_, input, _) => inputs.Add(Convert.ToHexString(input)));
        return inputs;
    }
}
