using CsCheck;
using StarKV.Decode;

namespace StarKV.Tests.Decode;

public sealed class StopStringsTests
{
    /// <summary>Pushes pieces until a stop; the text, what was passed on piece by piece, and whether it stopped.</summary>
    private static (string Text, List<string> Passed, bool Stopped) Run(string[] stops, params string[] pieces)
    {
        var passed = new List<string>();
        var filter = new StopStrings(stops, passed.Add);
        var stopped = pieces.Any(filter.Push);
        return (stopped ? filter.Text : filter.Finish(), passed, stopped);
    }

    [Fact]
    public void Without_stops_every_piece_passes_at_once() =>
        Assert.Equal(["Act", "ion", ": x"], Run([], "Act", "ion", ": x").Passed);

    [Fact]
    public void A_stop_across_pieces_ends_the_text_before_it()
    {
        var (text, passed, stopped) = Run(["</end>"], "click", "</e", "nd", ">more");
        Assert.Equal(("click", true), (text, stopped));
        Assert.Equal(["click"], passed);
    }

    [Fact]
    public void What_may_become_a_stop_is_held_back_until_it_cannot()
    {
        var (text, passed, stopped) = Run(["\n\n"], "a\n", "b\n", "c");
        Assert.Equal(("a\nb\nc", false), (text, stopped));
        Assert.Equal(["a", "\nb", "\nc"], passed);
    }

    [Fact]
    public void What_is_held_back_at_the_end_is_passed_on()
    {
        var (text, passed, _) = Run(["STOP"], "go ST");
        Assert.Equal("go ST", text);
        Assert.Equal(["go ", "ST"], passed);
    }

    [Fact]
    public void The_earliest_of_several_stops_wins()
    {
        Assert.Equal("a", Run(["c", "b"], "abc").Text);
        Assert.Equal("xa", Run(["abcd", "bc"], "xabc").Text);
        Assert.Equal("x", Run(["abcd", "bc"], "xabcd").Text);
        Assert.Equal("", Run(["a"], "a").Text);
    }

    [Fact]
    public void A_stop_that_repeats_its_own_beginning_is_found() => Assert.Equal("a", Run(["aab"], "aaa", "b").Text);

    [Fact]
    public void The_pieces_together_are_the_text_up_to_the_first_stop_however_it_is_cut()
    {
        var letters = Gen.Char["ab"];
        Gen.Select(Gen.String[letters, 0, 14].Array[0, 6], Gen.String[letters, 1, 4].Array[0, 3]).Sample((pieces, stops) =>
        {
            // Cutting ends at the piece that completes a stop, so a later, earlier-starting stop cannot be known; compare letter by letter.
            var letterwise = string.Concat(pieces).Select(c => c.ToString()).ToArray();
            var (text, passed, stopped) = Run(stops, letterwise);
            Assert.Equal(text, string.Concat(passed));
            Assert.DoesNotContain(stops, s => text.Contains(s, StringComparison.Ordinal));
            var all = string.Concat(pieces);
            Assert.Equal(stops.Any(s => all.Contains(s, StringComparison.Ordinal)), stopped);
            Assert.StartsWith(text, all, StringComparison.Ordinal);
            Assert.Equal(text, string.Concat(Run(stops, letterwise).Passed));
        });
    }
}
