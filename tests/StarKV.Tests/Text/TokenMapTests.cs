using StarKV.Text;

namespace StarKV.Tests.Text;

public sealed class TokenMapTests
{
    private static readonly ChatTemplate s_template = new(Mini.Tokenizer);

    [Fact]
    public void Text_alone_has_no_frame()
    {
        var map = s_template.Encode([ChatMessage.Of(ChatRole.User, "Click")]);
        Assert.Equal("SU.A", Outline(map));
        Assert.Null(map.LastFrame);
        Assert.Equal(0, map.VisionTokens);
        Assert.All(map.CellOf.ToArray(), cell => Assert.Equal(-1, cell));
        Assert.Equal(map.Length, MRopePositions.Compute(map).NextPosition);
    }

    [Fact]
    public void One_frame_knows_its_cells()
    {
        var map = s_template.Encode([ChatMessage.Of(ChatRole.User, new MergedGrid(2, 3), "Click")]);
        Assert.Equal("SUVU.A", Outline(map));
        var frame = map.LastFrame!.Value;
        Assert.Equal((6, 2, 3), (frame.Length, frame.Rows, frame.Columns));
        Assert.Equal([0, 1, 2, 3, 4, 5], map.CellOf[frame.Start..frame.End].ToArray());
        Assert.Equal(Mini.Tokenizer.IdOf(Markers.VisionStart), map.Ids[frame.Start - 1]);
        Assert.Equal(Mini.Tokenizer.IdOf(Markers.VisionEnd), map.Ids[frame.End]);
        Assert.Equal((TokenClass.User, TokenClass.User), (map.Classes[frame.Start - 1], map.Classes[frame.End]));
        Assert.Equal(map.Length, map.ToLongIds().Length);
        Assert.Equal(-3, MRopePositions.Compute(map).Delta);
    }

    [Fact]
    public void Three_frames_are_numbered_oldest_first()
    {
        var request = new PromptRequest("Click", [new(1, 2), new(2, 2), new(3, 1)]) { PastActions = ["Action: a", "Action: b"] };
        var map = new PromptBuilder(Mini.Tokenizer).Build(PromptStyle.Get("mini"), request);
        Assert.Equal("SUVUAUVUAUVU.A", Outline(map));
        Assert.Equal([0, 0, 1, 1, 1, 1, 2, 2, 2], map.FrameOf.ToArray().Where(frame => frame >= 0));
        Assert.Equal([new MergedGrid(1, 2), new(2, 2), new(3, 1)], map.Frames.Select(frame => frame.Grid));
        Assert.Equal(map.Frames[2], map.LastFrame);
        Assert.Equal(9, map.VisionTokens);
    }

    [Fact]
    public void A_written_out_prompt_finds_its_messages_and_the_markers_of_its_images()
    {
        const string Prompt = "hm<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>, <|image_pad|><|vision_end|>?<|im_end|>\n<|im_start|>assistant\n";
        var map = RawPrompt.Encode(Mini.Tokenizer, Prompt, [new(1, 2), new(2, 1)]);
        Assert.Equal(["<|vision_start|>", ""], map.Frames.Select(f => Text(f.PartStart, f.Start)));
        Assert.Equal(["<|vision_end|>", "<|vision_end|>"], map.Frames.Select(f => Text(f.End, f.PartEnd)));

        // What stands before the first turn is in no message.
        Assert.Equal([TokenClass.User, TokenClass.Assistant], map.Messages.Select(m => m.Class));
        Assert.Equal("hm", Text(0, map.Messages[0].Start));
        Assert.EndsWith("?<|im_end|>\n", Text(map.Messages[0].Start, map.Messages[0].End), StringComparison.Ordinal);
        Assert.Equal("<|im_start|>assistant\n", Text(map.Messages[1].Start, map.Messages[1].End));
        Assert.True(map.OpensAnswer);
        Assert.True(RawPrompt.Encode(Mini.Tokenizer, Prompt + "Action: ", [new(1, 2), new(2, 1)]).OpensAnswer);
        Assert.False(RawPrompt.Encode(Mini.Tokenizer, Prompt + "ok<|im_end|>\n", [new(1, 2), new(2, 1)]).OpensAnswer);
        Assert.False(RawPrompt.Encode(Mini.Tokenizer, Prompt + "ok<|im_end|>\n<|im_start|>user\n", [new(1, 2), new(2, 1)]).OpensAnswer);

        string Text(int start, int end) => Mini.Tokenizer.Decode(map.Ids[start..end]);
    }

    [Fact]
    public void Markers_end_where_a_format_has_plain_text()
    {
        // The line feeds join with the words beside them.
        var format = ChatFormat.Qwen with { ImageStart = "\n<|vision_start|>pic:", ImageEnd = "ok<|vision_end|>\n" };
        var map = new ChatTemplate(Mini.Tokenizer, format).Encode([ChatMessage.Of(ChatRole.User, "a\n", new MergedGrid(1, 1), "\nb", new MergedGrid(1, 1))]);
        Assert.All(map.Frames, f => Assert.Equal("<|vision_start|>pic:", Mini.Tokenizer.Decode(map.Ids[f.PartStart..f.Start])));
        Assert.All(map.Frames, f => Assert.Equal("ok<|vision_end|>", Mini.Tokenizer.Decode(map.Ids[f.End..f.PartEnd])));
        var bare = new ChatTemplate(Mini.Tokenizer, format with { ImageStart = "\n", ImageEnd = "" }).Encode([ChatMessage.Of(ChatRole.User, new MergedGrid(1, 1))]);
        Assert.Equal((bare.Frames[0].Start, bare.Frames[0].End), (bare.Frames[0].PartStart, bare.Frames[0].PartEnd));
    }

    [Fact]
    public void A_map_of_ids_knows_no_messages_and_one_of_marked_words_knows_these()
    {
        var map = TokenMap.OfIds([7, 5, 8], 5, [new(1, 1)]);
        Assert.Empty(map.Messages);
        Assert.Empty(map.Instructions);
        Assert.False(map.OpensAnswer);
        Assert.Equal([(0, 2)], new TokenMap([1, 2, 3], new TokenClass[3], []) { Instruction = (0, 2) }.Instructions);
        Assert.Equal([(0, 1), (3, 5)], (new TokenMap([1, 2], new TokenClass[2], []) { Instruction = (0, 1) })
            .Then(new TokenMap([1, 2, 3], new TokenClass[3], []) { Instruction = (1, 3) }).Instructions);
    }

    [Fact]
    public void Of_several_marked_texts_all_are_the_user_s_words_and_the_last_is_the_task()
    {
        TextPart Marked(string text) => new(text) { Instruction = (0, text.Length) };
        var map = s_template.Encode([ChatMessage.Of(ChatRole.User, Marked("one"), ", ", Marked("two")), ChatMessage.Of(ChatRole.User, Marked(""), Marked("three"))]);
        Assert.Equal(["one", "two", "three"], map.Instructions.Select(s => Mini.Tokenizer.Decode(map.Ids[s.Start..s.End]).Trim()));
        Assert.Equal(map.Instructions[2], map.Instruction);
    }

    [Fact]
    public void A_map_of_ids_finds_the_frames()
    {
        var map = TokenMap.OfIds([7, 5, 5, 8, 5, 5, 5, 9], 5, [new(2, 1), new(1, 3)]);
        Assert.Equal([new FrameSpan(1, 3, 2, 1), new FrameSpan(4, 7, 1, 3)], map.Frames);
        Assert.Equal([-1, 0, 1, -1, 0, 1, 2, -1], map.CellOf.ToArray());
    }

    [Theory]
    [InlineData(1, 2, "fewer image pads follow token 1")]
    [InlineData(1, 0, "beyond its 0 image(s)")]
    [InlineData(1, 1, "for 1 image(s), but 2 were given")]
    public void Pads_and_grids_must_agree(int rows, int columns, string message)
    {
        MergedGrid[] grids = columns == 0 ? [] : columns == 1 ? [new(rows, 1), new(1, 1)] : [new(rows, columns)];
        var error = Assert.Throws<StarKvException>(() => TokenMap.OfIds([7, 5, 8], 5, grids));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_and_frames_must_agree()
    {
        TokenClass[] classes = [TokenClass.User, TokenClass.Vision];
        Assert.Throws<StarKvException>(() => new TokenMap([1, 2], classes, []));
        Assert.Throws<StarKvException>(() => new TokenMap([1], classes, []));
        Assert.Throws<StarKvException>(() => new TokenMap([1, 2], classes, [new FrameSpan(1, 3, 1, 2)]));
        Assert.Throws<StarKvException>(() => MergedGrid.OfPixels(30, 28));
    }

    // One letter for each run of a class; a point for the seam between the last turn and the answer.
    private static string Outline(TokenMap map)
    {
        var runs = new List<char>();
        foreach (var token in map.Classes)
        {
            if (runs.Count == 0 || runs[^1] != token.ToString()[0])
                runs.Add(token.ToString()[0]);
        }

        return string.Concat(runs[..^1]) + "." + runs[^1];
    }
}
