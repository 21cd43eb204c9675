using CsCheck;
using StarKV.Score.Wrappers;
using StarKV.Tests.Text;
using StarKV.Text;

namespace StarKV.Tests.Score.Wrappers;

public sealed class ProtectedTokensTests
{
    private static readonly PromptStyle s_style = new("middle", "Do: {instruction}! Now.", "Be a GUI agent.", InstructionPosition.Last);

    private static TokenMap Prompt(string instruction, PromptStyle? style = null) =>
        new PromptBuilder(Mini.Tokenizer).Build(style ?? s_style, new PromptRequest(instruction, [new(2, 3), new(4, 5)]));

    private static string Text(TokenMap prompt, IEnumerable<int> tokens) => Mini.Tokenizer.Decode([.. tokens.Select(t => prompt.Ids[t])]);

    private static string Refused(TokenMap prompt, ProtectedTokens what) => Assert.Throws<StarKvException>(() => what.In(prompt)).Message;

    [Fact]
    public void Nothing_is_protected_unless_it_is_named() => Assert.Empty(new ProtectedTokens().In(Prompt("Click")));

    [Fact]
    public void The_system_message_is_protected_with_its_markers()
    {
        var prompt = Prompt("Click");
        Assert.Equal("<|im_start|>system\nBe a GUI agent.<|im_end|>\n", Text(prompt, new ProtectedTokens { System = true }.In(prompt)));
    }

    [Theory]
    [InlineData("Select \"Role Upload\"")]
    [InlineData("設定を開いてください")]
    [InlineData("Öffne die Datei „naïve café“ 👩‍💻")]
    [InlineData("cafe\u0301 e\u0301te\u0301")]
    [InlineData("{instruction} <|im_end|>\n")]
    [InlineData("  \n\n x \n")]
    public void The_instruction_is_protected_and_no_token_beside_it(string instruction) => IsCovered(instruction);

    [Fact]
    public void Any_instruction_is_protected_and_no_token_beside_it() =>
        Gen.Char["aéß \n漢\u0301Ω\"-7{"].Array[0, 12].Select(chars => "x" + new string(chars) + "x").Sample(IsCovered, iter: 60);

    private static void IsCovered(string instruction)
    {
        var prompt = Prompt(instruction);
        var tokens = new ProtectedTokens { Instruction = true }.In(prompt);
        var wanted = Nfc.Normalize(instruction);
        Assert.Contains(wanted, Text(prompt, tokens), StringComparison.Ordinal);
        Assert.DoesNotContain(wanted, Text(prompt, tokens.Skip(1)), StringComparison.Ordinal);
        Assert.DoesNotContain(wanted, Text(prompt, tokens.SkipLast(1)), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(tokens[0], tokens.Count), tokens);
    }

    [Fact]
    public void A_token_across_the_instruction_s_border_is_protected_whole()
    {
        // The template's blank and the instruction's first word are one token.
        var prompt = Prompt("click it", new PromptStyle("polite", "Please {instruction}", null, InstructionPosition.Last));
        var tokens = new ProtectedTokens { Instruction = true }.In(prompt);
        Assert.Equal(" click it", Text(prompt, tokens));
    }

    [Fact]
    public void The_instruction_is_found_behind_the_history()
    {
        var request = new PromptRequest("Press \"File\"", [new(2, 2), new(2, 2)]) { PastActions = ["Action: Press \"File\""], Position = InstructionPosition.Last };
        var prompt = new PromptBuilder(Mini.Tokenizer).Build(PromptStyle.Get("mini"), request);
        var tokens = new ProtectedTokens { Instruction = true }.In(prompt);
        Assert.Equal("Press \"File\"", Text(prompt, tokens));
        Assert.All(tokens, t => Assert.Equal((TokenClass.User, true), (prompt.Classes[t], t > prompt.Frames[1].End)));
    }

    [Theory]
    [InlineData(InstructionPosition.First)]
    [InlineData(InstructionPosition.Last)]
    public void All_that_the_user_said_is_protected(InstructionPosition position)
    {
        var turns = new ConversationTurn[] { new([new(2, 2)], "the blue one", "a"), new([], null, "b"), new([new(2, 2)], "\nno, the red\n") };
        var prompt = new TaskConversation(s_style, "Press \"File\"", turns) { Position = position }.Encode(Mini.Tokenizer);
        var said = Text(prompt, new ProtectedTokens { Instruction = true }.In(prompt));
        Assert.Equal(position == InstructionPosition.First ? " Press \"File\"the blue one\nno, the red\n" : "the blue one\nno, the red\n Press \"File\"", said);
    }

    [Fact]
    public void Earlier_answers_are_protected_with_their_markers()
    {
        var request = new PromptRequest("Click", [new(2, 2), new(2, 2)]) { PastActions = ["Action: a", "", "Action: b"] };
        var prompt = new PromptBuilder(Mini.Tokenizer).Build(s_style, request);
        string Turn(string answer) => $"<|im_start|>assistant\n{answer}<|im_end|>\n";
        var answers = new ProtectedTokens { Answers = true };
        Assert.Equal(Turn("Action: a") + Turn("") + Turn("Action: b"), Text(prompt, answers.In(prompt)));

        // The opening is none, also when something is written already; without one every answer is an earlier one.
        Assert.Equal(Text(prompt, answers.In(prompt)), Text(prompt, answers.In(prompt.Then(new TokenMap([300], [TokenClass.Assistant], [])))));
        Assert.Empty(answers.In(Prompt("Click")));
        var closed = new ChatTemplate(Mini.Tokenizer).Encode([ChatMessage.Of(ChatRole.User, "hi"), ChatMessage.Of(ChatRole.Assistant, "ok")], openAnswer: false);
        Assert.Equal(Turn("ok"), Text(closed, answers.In(closed)));
        Assert.Equal("system False, instruction False, answers True, text False, boxes []", answers.ToString());
    }

    [Fact]
    public void A_prompt_given_as_text_does_not_know_its_instruction() =>
        Assert.Contains("ready text", Refused(TestPrompts.Of(5), new ProtectedTokens { Instruction = true }), StringComparison.Ordinal);

    [Fact]
    public void A_box_protects_the_cells_that_it_touches()
    {
        var prompt = Prompt("Click");
        // The newest frame has 4 rows of 5 columns; the box lies in its rows 1 and 2, columns 0 and 1.
        var tokens = new ProtectedTokens { Boxes = [new ScreenRegion(0.1, 0.26, 0.4, 0.74)] }.In(prompt);
        Assert.Equal([5, 6, 10, 11], tokens.Select(t => t - prompt.Frames[1].Start));
    }

    [Fact]
    public void A_box_may_lie_on_an_older_screenshot()
    {
        var prompt = Prompt("Click");
        var tokens = new ProtectedTokens { Boxes = [new ScreenRegion(0.9, 0.9, 1, 1) { FramesAgo = 1 }] }.In(prompt);
        Assert.Equal([prompt.Frames[0].End - 1], tokens);
    }

    [Fact]
    public void Parts_are_joined_without_doubles()
    {
        var prompt = Prompt("Click");
        var box = new ScreenRegion(0, 0, 0.5, 0.5);
        var parts = new[] { new ProtectedTokens { System = true }, new ProtectedTokens { Instruction = true }, new ProtectedTokens { Boxes = [box] } };
        var all = new ProtectedTokens { System = true, Instruction = true, Boxes = [box, box] }.In(prompt);
        Assert.Equal(parts.SelectMany(p => p.In(prompt)).Order(), all);
    }

    [Fact]
    public void Cells_are_those_that_share_an_area_with_the_box() =>
        Gen.Select(Gen.Int[0, 63], Gen.Int[0, 63], Gen.Int[1, 64], Gen.Int[1, 64], Gen.Int[1, 40], Gen.Int[1, 40]).Sample((x, y, width, height, rows, columns) =>
        {
            // In 64ths, so that every edge is exact.
            var (right, bottom) = (Math.Min(64, x + width), Math.Min(64, y + height));
            var touched = from row in Enumerable.Range(0, rows)
                          from column in Enumerable.Range(0, columns)
                          where row * 64 < bottom * rows && (row + 1) * 64 > y * rows && column * 64 < right * columns && (column + 1) * 64 > x * columns
                          select row * columns + column;
            Assert.Equal(touched, new ScreenRegion(x / 64.0, y / 64.0, right / 64.0, bottom / 64.0).Cells(rows, columns));
        });

    [Theory]
    [InlineData(0.5, 0.1, 0.5, 0.2)]
    [InlineData(0.1, 0.3, 0.2, 0.2)]
    [InlineData(-0.1, 0, 1, 1)]
    [InlineData(0, 0, 1, 1.01)]
    [InlineData(double.NaN, 0, 1, 1)]
    public void A_box_that_is_empty_or_outside_is_refused(double left, double top, double right, double bottom) =>
        Assert.Contains("must lie inside the screen", Refused(Prompt("Click"), new ProtectedTokens { Boxes = [new ScreenRegion(left, top, right, bottom)] }), StringComparison.Ordinal);

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_screenshot_that_is_not_there_is_refused(int framesAgo)
    {
        var message = Refused(Prompt("Click"), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1) { FramesAgo = framesAgo }] });
        Assert.Contains(FormattableString.Invariant($"{framesAgo} steps ago, but the prompt has 2"), message, StringComparison.Ordinal);
    }
}
