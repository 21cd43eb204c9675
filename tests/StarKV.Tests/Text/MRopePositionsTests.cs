using CsCheck;
using StarKV.Text;

namespace StarKV.Tests.Text;

public sealed class MRopePositionsTests
{
    // Frames behind one another and apart, at both ends, and text alone.
    private static readonly Gen<TokenMap> s_maps = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 5]).List[1, 6].Select(runs =>
    {
        var (ids, grids) = (new List<int>(), new List<MergedGrid>());
        foreach (var (text, rows, columns) in runs)
        {
            ids.AddRange(Enumerable.Repeat(7, text));
            if (rows * columns == 0)
                continue;
            grids.Add(new MergedGrid(rows, columns));
            ids.AddRange(Enumerable.Repeat(5, rows * columns));
        }

        return TokenMap.OfIds([.. ids], 5, grids);
    });

    private static readonly TokenMap s_map = TokenMap.OfIds([7, 5, 5, 5, 5, 5, 5, 7, 7], 5, [new(2, 3)]);

    private static IEnumerable<Func<TokenMap, MRopePositions>> Kinds => [MRopePositions.Compute, MRopePositions.OneDimensional];

    [Fact]
    public void The_first_tokens_and_the_rest_have_the_positions_of_the_whole() => s_maps.Sample(map =>
    {
        foreach (var kind in Kinds)
        {
            var whole = kind(map);
            for (var at = 0; at <= map.Length; at++)
            {
                if (at > 0 && at < map.Length && map.FrameOf[at] >= 0 && map.FrameOf[at] == map.FrameOf[at - 1])
                    continue;
                var first = whole.First(at);
                Assert.Equal(at, first.Length);
                Same(kind(map.First(at)), first);
                Same(whole, first.Then(map.Without(0, at)));
            }
        }
    });

    [Fact]
    public void Times_alone_give_all_positions_also_of_what_has_lost_tokens() => s_maps.Sample(map =>
    {
        foreach (var kind in Kinds)
        {
            var whole = kind(map);
            Same(whole, Again(map, whole));
            // The first frame, or the first token where that is text.
            var end = map.Frames.Count > 0 ? map.Frames[0].End : Math.Min(1, map.Length);
            var start = map.Frames.Count > 0 ? map.Frames[0].Start : 0;
            if (end - start < map.Length)
                Same(whole.Without(start, end), Again(map.Without(start, end), whole.Without(start, end)));

            MRopePositions Again(TokenMap tokens, MRopePositions positions) => MRopePositions.AtTimes(
                tokens, [.. positions.Time.ToArray().Select(t => (int)t)], positions.NextPosition, kind(s_map).Time[2] == 2);
        }
    });

    [Theory]
    [InlineData(new[] { 0, 1, 1, 1, 1, 1, 1, 3, 4 }, 6, "token 7 is at position 3; positions go up from token to token, the next free one is 4.")]
    [InlineData(new[] { 0, 1, 1, 1, 1, 1, 2, 4, 5 }, 6, "token 1 is at position 1")]
    [InlineData(new[] { -1, 1, 1, 1, 1, 1, 1, 4, 5 }, 6, "token 0 is at position -1")]
    [InlineData(new[] { 0, 1, 1, 1, 1, 1, 1, 4, 5 }, 5, "the next position is 5, and the tokens reach to 6.")]
    public void Times_that_do_not_go_up_are_refused(int[] times, int next, string sentence) => Assert.StartsWith(
        sentence, Assert.Throws<StarKvException>(() => MRopePositions.AtTimes(s_map, times, next, oneDimensional: false)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Positions_that_are_left_out_leave_the_others_as_they_are()
    {
        // 7 at 0, the image at 1 + (0..1, 0..2), then 4 and 5.
        var positions = MRopePositions.Compute(s_map).Without(1, 7);
        Assert.Equal([0, 4, 5, 0, 4, 5, 0, 4, 5], positions.Flat.ToArray());
        Assert.Equal((6, 3), (positions.NextPosition, positions.Delta));

        var next = positions.Then(TokenMap.OfIds([5, 5, 7], 5, [new(2, 1)]));
        Assert.Equal([0, 4, 5, 6, 6, 8], next.Time.ToArray());
        Assert.Equal([0, 4, 5, 6, 7, 8], next.Height.ToArray());
        Assert.Equal([0, 4, 5, 6, 6, 8], next.Width.ToArray());
        Assert.Equal(9, next.NextPosition);

        // What was left out after the first token is not counted again: the next one keeps its place.
        Assert.Equal((1, 4), (positions.First(1).Length, positions.First(1).NextPosition));
    }

    [Fact]
    public void One_dimension_goes_on_token_by_token()
    {
        var positions = MRopePositions.OneDimensional(s_map).Without(1, 7).Then(TokenMap.OfIds([5, 5, 7], 5, [new(2, 1)]));
        Assert.Equal([0, 7, 8, 9, 10, 11], positions.Time.ToArray());
        Assert.Equal(positions.Time.ToArray(), positions.Height.ToArray());
        Assert.Equal(positions.Time.ToArray(), positions.Width.ToArray());
        Assert.Equal((12, 7), (positions.NextPosition, positions.First(1).NextPosition));
    }

    private static void Same(MRopePositions expected, MRopePositions actual)
    {
        Assert.Equal(expected.Flat.ToArray(), actual.Flat.ToArray());
        Assert.Equal(expected.NextPosition, actual.NextPosition);
    }
}
