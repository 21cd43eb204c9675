using StarKV.Text;

namespace StarKV.Tests.Text;

/// <summary>Maps without some of their tokens, and what two of them have in common.</summary>
public sealed class TokenMapCutTests
{
    private const TokenClass S = TokenClass.System, U = TokenClass.User, V = TokenClass.Vision, A = TokenClass.Assistant;

    // Tokens 0–1 system; 2–9 the user: <, 2×2, >, two words; 10–12 an answer; 13–17 the user: <, 1×2, >, a word; 18–19 the opening.
    private static readonly TokenMap s_map = new(
        [.. Enumerable.Range(100, 20)],
        [S, S, U, V, V, V, V, U, U, U, A, A, A, U, V, V, U, U, A, A],
        [new FrameSpan(3, 7, 2, 2) { PartStart = 2, PartEnd = 8 }, new FrameSpan(14, 16, 1, 2) { PartStart = 13, PartEnd = 17 }])
    {
        Instruction = (8, 10),
        Instructions = [(8, 10), (17, 18)],
        Messages = [new(0, 2, S), new(2, 10, U), new(10, 13, A), new(13, 18, U), new(18, 20, A)],
        OpensAnswer = true,
    };

    private static string Refused(Func<object> call) => Assert.Throws<StarKvException>(call).Message;

    [Fact]
    public void A_whole_message_leaves_no_trace()
    {
        var map = s_map.Without(2, 10);
        Assert.Equal([100, 101, .. Enumerable.Range(110, 10)], map.Ids.ToArray());
        Assert.Equal([S, S, A, A, A, U, V, V, U, U, A, A], map.Classes.ToArray());
        Assert.Equal([new FrameSpan(6, 8, 1, 2)], map.Frames);
        Assert.Equal((5, 9), (map.Frames[0].PartStart, map.Frames[0].PartEnd));
        Assert.Equal([-1, -1, -1, -1, -1, -1, 0, 0, -1, -1, -1, -1], map.FrameOf.ToArray());
        Assert.Null(map.Instruction);
        Assert.Equal([(9, 10)], map.Instructions);
        Assert.Equal([new(0, 2, S), new(2, 5, A), new(5, 10, U), new(10, 12, A)], map.Messages);
        Assert.True(map.OpensAnswer);
    }

    [Fact]
    public void An_image_with_its_markers_leaves_the_message_s_text()
    {
        var frame = s_map.Frames[1];
        var map = s_map.Without(frame.PartStart, frame.PartEnd);
        Assert.Equal([100, 101, .. Enumerable.Range(102, 11), 117, 118, 119], map.Ids.ToArray());
        Assert.Equal(s_map.Frames.Take(1), map.Frames);

        // The message began with the image, so its text counts to the answer before.
        Assert.Equal([new(0, 2, S), new(2, 10, U), new(10, 14, A), new(14, 16, A)], map.Messages);
        Assert.Equal([(8, 10), (13, 14)], map.Instructions);
        Assert.Equal((8, 10), map.Instruction);
    }

    [Fact]
    public void Words_of_which_a_part_is_left_are_shorter()
    {
        Assert.Equal((8, 9), s_map.Without(9, 10).Instruction);
        Assert.Equal((8, 9), s_map.Without(8, 9).Instruction);
        Assert.Equal([(8, 9), (15, 16)], s_map.Without(9, 11).Instructions);
    }

    [Fact]
    public void Markers_may_go_without_their_image()
    {
        var map = s_map.Without(7, 9);
        Assert.Equal((2, 3, 7, 7), (map.Frames[0].PartStart, map.Frames[0].Start, map.Frames[0].End, map.Frames[0].PartEnd));
        map = s_map.Without(2, 3);
        Assert.Equal((2, 2, 6, 7), (map.Frames[0].PartStart, map.Frames[0].Start, map.Frames[0].End, map.Frames[0].PartEnd));
        Assert.Equal((12, 16), (map.Frames[1].PartStart, map.Frames[1].PartEnd));
    }

    [Fact]
    public void No_token_and_all_of_them()
    {
        Assert.Same(s_map, s_map.Without(4, 4));
        Assert.Same(s_map, s_map.First(20));
        Assert.Equal((0, 0, 0, false), (s_map.First(0).Length, s_map.First(0).Frames.Count, s_map.First(0).Messages.Count, s_map.First(0).OpensAnswer));
        Assert.Equal(0, s_map.Without(0, 20).Length);
    }

    [Fact]
    public void The_first_tokens_know_what_the_whole_knows_of_them()
    {
        var map = s_map.First(9);
        Assert.Equal(Enumerable.Range(100, 9), map.Ids.ToArray());
        Assert.Equal([new(0, 2, S), new(2, 9, U)], map.Messages);
        Assert.Equal((8, 9), map.Instruction);
        Assert.Equal((2, 8), (map.Frames[0].PartStart, map.Frames[0].PartEnd));
        Assert.Equal((7, 7), (s_map.First(7).Frames[0].End, s_map.First(7).Frames[0].PartEnd));
        Assert.False(map.OpensAnswer);
        Assert.True(s_map.First(19).OpensAnswer);
        Assert.False(s_map.First(18).OpensAnswer);
    }

    [Theory]
    [InlineData(4, 5, 0)]
    [InlineData(2, 6, 0)]
    [InlineData(5, 12, 0)]
    [InlineData(3, 15, 1)]
    public void No_frame_is_cut(int start, int end, int frame)
    {
        Assert.Contains(FormattableString.Invariant($"The tokens [{start}, {end}) cut frame {frame},"), Refused(() => s_map.Without(start, end)), StringComparison.Ordinal);
        Assert.Contains("cut frame 1, which is [14, 16)", Refused(() => s_map.First(15)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(5, 4)]
    [InlineData(19, 21)]
    public void A_range_lies_in_the_sequence(int start, int end)
    {
        var positions = MRopePositions.Compute(s_map);
        Assert.Contains(FormattableString.Invariant($"[{start}, {end}) are not among the 20"), Refused(() => s_map.Without(start, end)), StringComparison.Ordinal);
        Assert.Contains("not among the 20", Refused(() => positions.Without(start, end)), StringComparison.Ordinal);
        Assert.Contains("not among the 20", Refused(() => s_map.First(21)), StringComparison.Ordinal);
        Assert.Contains("not among the 20", Refused(() => positions.First(-1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_that_goes_through_no_frame_joins_again()
    {
        for (var at = 0; at <= s_map.Length; at++)
        {
            if (at is 4 or 5 or 6 or 15)
                continue;
            var joined = s_map.First(at).Then(s_map.Without(0, at));
            Assert.Equal(s_map.Ids.ToArray(), joined.Ids.ToArray());
            Assert.Equal(s_map.Classes.ToArray(), joined.Classes.ToArray());
            Assert.Equal(s_map.Frames, joined.Frames);
            Assert.Equal(s_map.Messages, joined.Messages);
            Assert.True(joined.OpensAnswer);
            Assert.Equal([8, 9, 17], joined.Instructions.SelectMany(span => Enumerable.Range(span.Start, span.End - span.Start)));
        }
    }

    [Fact]
    public void What_follows_moves_behind_the_first()
    {
        var joined = s_map.Then(s_map);
        Assert.Equal([new(3, 7, 2, 2), new(14, 16, 1, 2), new(23, 27, 2, 2), new FrameSpan(34, 36, 1, 2)], joined.Frames);
        Assert.Equal([(2, 8), (13, 17), (22, 28), (33, 37)], joined.Frames.Select(f => (f.PartStart, f.PartEnd)));
        Assert.Equal([.. s_map.Messages, .. s_map.Messages.Select(m => new MessageSpan(m.Start + 20, m.End + 20, m.Class))], joined.Messages);
        Assert.Equal([(8, 10), (17, 18), (28, 30), (37, 38)], joined.Instructions);
        Assert.Equal((28, 30), joined.Instruction);
    }

    [Fact]
    public void An_answer_that_is_being_written_counts_to_its_opening()
    {
        var joined = s_map.Then(new TokenMap([1, 2, 3], [A, A, A], []));
        Assert.Equal(new MessageSpan(18, 23, A), joined.Messages[^1]);
        Assert.True(joined.OpensAnswer);
        Assert.Equal((5, 23), (joined.Messages.Count, joined.Length));
        Assert.Equal(3, s_map.Messages[2].Length);
    }

    [Fact]
    public void A_prefix_ends_where_ids_or_grids_differ()
    {
        Assert.Equal(20, s_map.CommonPrefix(s_map));
        Assert.Equal(9, s_map.CommonPrefix(s_map.First(9)));
        Assert.Equal(2, s_map.CommonPrefix(s_map.Without(2, 8)));
        Assert.Equal(0, s_map.CommonPrefix(s_map.First(0)));

        // Equal pads, other grids: a frame of 2×2 against one of 1×4, against text, and against a shorter one.
        var square = TokenMap.OfIds([7, 5, 5, 5, 5, 8, 5], 5, [new(2, 2), new(1, 1)]);
        Assert.Equal(1, square.CommonPrefix(TokenMap.OfIds([7, 5, 5, 5, 5, 8, 5], 5, [new(1, 4), new(1, 1)])));
        Assert.Equal(1, square.CommonPrefix(TokenMap.OfIds([7, 5, 5, 5, 5, 8, 5], 9, [])));
        Assert.Equal(1, TokenMap.OfIds([7, 5, 5, 5, 5, 8, 5], 9, []).CommonPrefix(square));
        Assert.Equal(1, square.CommonPrefix(TokenMap.OfIds([7, 5, 5], 5, [new(1, 2)])));
        Assert.Equal(6, square.CommonPrefix(TokenMap.OfIds([7, 5, 5, 5, 5, 8, 9], 5, [new(2, 2)])));
        Assert.Equal(5, square.CommonPrefix(TokenMap.OfIds([7, 5, 5, 5, 5, 1, 5], 5, [new(2, 2), new(1, 1)])));

        // Ids inside a frame that differ: not the frame either.
        TokenMap Frame(int last) => new([1, 5, last], [U, V, V], [new FrameSpan(1, 3, 1, 2)]);
        Assert.Equal(1, Frame(5).CommonPrefix(Frame(6)));
    }

    [Fact]
    public void Frames_are_equal_whatever_is_known_of_their_markers()
    {
        var (plain, marked) = (new FrameSpan(3, 7, 2, 2), new FrameSpan(3, 7, 2, 2) { PartStart = 2, PartEnd = 9 });
        Assert.Equal(plain, marked);
        Assert.Equal(plain.GetHashCode(), marked.GetHashCode());
        Assert.NotEqual(plain, plain with { Rows = 1, Columns = 4 });
        Assert.Equal((3, 7), (plain.PartStart, plain.PartEnd));
        Assert.Equal((12, 19), (marked.Moved(10).PartStart, marked.Moved(10).PartEnd));
    }

    [Fact]
    public void Markers_outside_the_sequence_or_of_another_frame_do_not_count()
    {
        var map = new TokenMap([1, 5, 5, 1, 5], [U, V, V, U, V], [new FrameSpan(1, 3, 1, 2) { PartStart = -4, PartEnd = 5 }, new FrameSpan(4, 5, 1, 1) { PartStart = 2, PartEnd = 8 }]);
        Assert.Equal([(0, 4), (4, 5)], map.Frames.Select(f => (f.PartStart, f.PartEnd)));
    }
}
