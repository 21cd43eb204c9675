using StarKV.Text;

namespace StarKV.Tests.Text;

public sealed class TaskConversationTests
{
    private static readonly PromptStyle s_first = new("first", "Do {instruction}!", null, InstructionPosition.First);
    private static readonly PromptStyle s_last = s_first with { Position = InstructionPosition.Last, SystemMessage = "Be brief." };

    private static readonly ConversationTurn[] s_turns =
    [
        new([new(1, 2), new(1, 1)], Answer: "a"), new([new(2, 2)], "and then", "b"), new([], Answer: "c"), new([], "wait", ""), new([new(1, 1)], "go on"),
    ];

    private static string Rendered(PromptStyle style, params ConversationTurn[] turns) =>
        ChatTemplate.Render(new TaskConversation(style, "it", turns).Messages()).Replace("<|vision_start|><|image_pad|><|vision_end|>", "[]", StringComparison.Ordinal);

    [Fact]
    public void With_the_instruction_first_each_turn_adds_to_the_last() => Assert.Equal(
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nDo it!<|im_end|>\n"
        + "<|im_start|>user\n[][]<|im_end|>\n<|im_start|>assistant\na<|im_end|>\n"
        + "<|im_start|>user\n[]and then<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
        + "<|im_start|>assistant\nc<|im_end|>\n"
        + "<|im_start|>user\nwait<|im_end|>\n<|im_start|>assistant\n<|im_end|>\n"
        + "<|im_start|>user\n[]go on<|im_end|>\n<|im_start|>assistant\n",
        Rendered(s_first, s_turns));

    [Fact]
    public void With_the_instruction_last_it_ends_the_last_turn_in_a_line_of_its_own() => Assert.Equal(
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        + "<|im_start|>user\n[][]<|im_end|>\n<|im_start|>assistant\na<|im_end|>\n"
        + "<|im_start|>user\n[]and then<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
        + "<|im_start|>assistant\nc<|im_end|>\n"
        + "<|im_start|>user\nwait<|im_end|>\n<|im_start|>assistant\n<|im_end|>\n"
        + "<|im_start|>user\n[]go on\nDo it!<|im_end|>\n<|im_start|>assistant\n",
        Rendered(s_last, s_turns));

    [Fact]
    public void A_last_turn_without_text_ends_with_the_instruction_alone()
    {
        Assert.EndsWith("user\n[]Do it!<|im_end|>\n<|im_start|>assistant\n", Rendered(s_last, new ConversationTurn([new(1, 1)])), StringComparison.Ordinal);
        Assert.EndsWith("user\n[]Do it!<|im_end|>\n<|im_start|>assistant\n", Rendered(s_last, new ConversationTurn([new(1, 1)], "")), StringComparison.Ordinal);
        Assert.EndsWith("user\nDo it!<|im_end|>\n<|im_start|>assistant\n", Rendered(s_last, new([new(1, 1)], null, "a"), new([])), StringComparison.Ordinal);
    }

    [Fact]
    public void The_position_of_the_request_goes_before_that_of_the_style()
    {
        var conversation = new TaskConversation(s_last, "it", [new([new(1, 1)])]) { Position = InstructionPosition.First };
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.User], conversation.Messages().Select(m => m.Role));
        Assert.Equal(2, (conversation with { Position = null }).Messages().Count);
    }

    [Fact]
    public void Placeholders_are_filled()
    {
        var style = new PromptStyle("x", "{instruction} {language} {app}", null, InstructionPosition.Last);
        var conversation = new TaskConversation(style, "go", [new([new(1, 1)])]) { Values = new Dictionary<string, string> { ["app"] = "Mail" } };
        Assert.Equal("go English Mail", ((TextPart)conversation.Messages()[^1].Parts[^1]).Text);
        Assert.Equal("go German Mail", ((TextPart)(conversation with { Language = "German" }).Messages()[^1].Parts[^1]).Text);
    }

    [Fact]
    public void Earlier_answers_are_shown_as_the_style_shows_its_steps()
    {
        var messages = new TaskConversation(PromptStyle.Get("opencua.l2"), "go", s_turns).Messages();
        Assert.Equal(
            ["# Step 1:\na", "# Step 2:\nb", "# Step 3:\nc", "# Step 4:\n"],
            messages.Where(m => m.Role == ChatRole.Assistant).Select(m => ((TextPart)m.Parts[0]).Text));
    }

    [Fact]
    public void A_turn_that_left_is_not_written_and_later_steps_keep_their_numbers()
    {
        var left = s_turns.ToArray();
        left[0] = new ConversationTurn([], null, "") { Left = true };
        left[2] = left[0];
        Assert.Equal(
            ["# Step 2:\nb", "# Step 4:\n"],
            new TaskConversation(PromptStyle.Get("opencua.l2"), "go", left).Messages()
                .Where(m => m.Role == ChatRole.Assistant).Select(m => ((TextPart)m.Parts[0]).Text));
        Assert.Equal(Rendered(s_first, s_turns[1], s_turns[3], s_turns[4]), Rendered(s_first, left));
    }

    public static TheoryData<string, InstructionPosition> Styles { get; } = new(
        from style in PromptStyle.Names
        from position in Enum.GetValues<InstructionPosition>()
        select (style, position));

    [Theory]
    [MemberData(nameof(Styles))]
    public void What_a_single_request_asks_is_written_the_same_way(string name, InstructionPosition position)
    {
        var style = PromptStyle.Get(name);
        MergedGrid[] grids = [new(1, 2), new(2, 2), new(3, 1)];
        string[] answers = ["Thought: a", "b\n", "", "d"];

        // All in one turn, one each, and more answers than screenshots.
        Same(new PromptRequest("it", grids), [new(grids)]);
        Same(new PromptRequest("it", grids) { PastActions = answers[..2] }, [new([grids[0]], null, answers[0]), new([grids[1]], null, answers[1]), new([grids[2]])]);
        Same(
            new PromptRequest("it", grids) { PastActions = answers },
            [new([], null, answers[0]), new([], null, answers[1]), new([grids[0]], null, answers[2]), new([grids[1]], null, answers[3]), new([grids[2]])]);

        void Same(PromptRequest request, ConversationTurn[] turns)
        {
            var conversation = new TaskConversation(style, "it", turns) { Position = position };
            var (asked, told) = (PromptBuilder.Messages(style, request with { Position = position }), conversation.Messages());
            Assert.Equal(asked.Select(m => m.Role), told.Select(m => m.Role));
            Assert.Equal(asked.SelectMany(m => m.Parts), told.SelectMany(m => m.Parts));
            Assert.Equal(new ChatTemplate(Mini.Tokenizer).Encode(asked).Ids.ToArray(), conversation.Encode(Mini.Tokenizer).Ids.ToArray());
        }
    }

    [Fact]
    public void What_cannot_be_asked_is_refused_in_a_sentence()
    {
        var (shown, answered) = (new ConversationTurn([new(1, 1)]), new ConversationTurn([new(1, 1)], null, "a"));
        Assert.Equal("The instruction is empty; say what is to be done on the screen.", Error(" \n", shown));
        Assert.Equal("There is no screenshot; give at least one image.", Error("go", new ConversationTurn([], "text")));
        Assert.Equal("There is no screenshot; give at least one image.", Error("go"));
        Assert.Equal("Turn 2 of 3 has no answer; only the last turn's is still to be given.", Error("go", answered, shown, shown));
        Assert.Equal("The last of 2 turns has its answer already; add the turn to be answered.", Error("go", answered, answered));

        static string Error(string instruction, params ConversationTurn[] turns) =>
            Assert.Throws<StarKvException>(() => new TaskConversation(s_first, instruction, turns).Messages()).Message;
    }

    [Fact]
    public void They_are_readable() => Assert.Equal(
        "\"it\" in first, turns [2 screenshots, answered \"a\", 1 screenshot, \"and then\"]",
        new TaskConversation(s_first, "it", [s_turns[0], s_turns[1] with { Answer = null }]).ToString());
}
