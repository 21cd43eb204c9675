using System.Text.Json;
using StarKV.Files;
using StarKV.Text;

namespace StarKV.Tests.Text;

/// <summary>The prompts of GUI-Owl-1.5, UI-Venus-1.5 and Qwen3-VL, as their published programs write them.</summary>
public sealed class AgentPromptTests
{
    private const string Image = "<|vision_start|><|image_pad|><|vision_end|>";
    private static readonly MergedGrid s_grid = new(1, 2);

    private static readonly string[] s_calls =
    [
        "Action: Open the menu.\n<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"wait\", \"time\": 1}}\n</tool_call>",
        "Action: Click it.\n<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"left_click\", \"coordinate\": [1, 2]}}\n</tool_call>",
        "I cannot.",
    ];

    private static readonly string[] s_venus =
    [
        "<think>\nIt is there.\n</think>\n<action>\nClick(box=(1,2))\n</action>\n<conclusion>Done.</conclusion>", "PressBack()", "<action>Wait()</action>",
    ];

    /// <summary>The prompt behind the system message, up to the opening of the answer.</summary>
    private static string Rendered(string style, string instruction, int frames, params string[] past)
    {
        var request = new PromptRequest(instruction, [.. Enumerable.Repeat(s_grid, frames)]) { PastActions = past };
        var prompt = ChatTemplate.Render(PromptBuilder.Messages(PromptStyle.Get(style), request));
        return prompt[(prompt.IndexOf("<|im_end|>\n", StringComparison.Ordinal) + "<|im_end|>\n".Length)..];
    }

    private static string User(string text) => $"<|im_start|>user\n{text}<|im_end|>\n";

    private static string Model(string text) => $"<|im_start|>assistant\n{text}<|im_end|>\n";

    private const string Answer = "<|im_start|>assistant\n";

    private static string Owl(string steps) =>
        "Please generate the next move according to the UI screenshot, instruction and previous actions.\n\nInstruction: Save it\n\nPrevious actions:\n" + steps;

    [Theory]
    [InlineData("gui-owl.computer")]
    [InlineData("gui-owl.mobile")]
    public void GUI_Owl_shows_the_window_and_writes_older_steps_as_lines(string style)
    {
        Assert.Equal(User(Owl("None") + Image) + Answer, Rendered(style, "Save it", 1));
        Assert.Equal(
            User(Owl("None") + Image) + Model(s_calls[0]) + User(Image) + Answer, Rendered(style, "Save it", 2, s_calls[0]));
        Assert.Equal(
            User(Owl("Step 1: Open the menu.\nStep 2: Click it.") + Image) + Model(s_calls[2]) + User(Image) + Answer,
            Rendered(style, "Save it", 2, s_calls));
        Assert.Equal(
            User(Owl("Step 1: Open the menu.\nStep 2: Click it.\nStep 3: I cannot.") + Image) + Answer, Rendered(style, "Save it", 1, s_calls));
    }

    [Theory]
    [InlineData("Action: a Action: b <tool_call>", "a")]
    [InlineData("Action: a", "Action: a")]
    [InlineData("<tool_call>{}</tool_call>", "<tool_call>{}</tool_call>")]
    public void GUI_Owls_lines_are_cut_as_its_program_cuts_them(string answer, string shown) =>
        Assert.Equal(User(Owl("Step 1: " + shown) + Image) + Answer, Rendered("gui-owl.computer", "Save it", 1, answer));

    [Theory]
    [InlineData("ui-venus.mobile")]
    [InlineData("ui-venus.web")]
    public void UI_Venus_puts_all_into_one_message(string style)
    {
        var text = PromptTexts.Get(style).Replace("{user_task}", "Save it", StringComparison.Ordinal);
        Assert.Equal(User(text.Replace("{previous_actions}", "", StringComparison.Ordinal) + Image) + Answer, Rendered(style, "Save it", 1));
        Assert.Equal(
            User(text.Replace(
                "{previous_actions}",
                "Step 0: <think>It is there.</think><action>Click(box=(1,2))</action>\nStep 1: PressBack()\nStep 2: <think></think><action>Wait()</action>",
                StringComparison.Ordinal) + Image) + Answer,
            Rendered(style, "Save it", 1, s_venus));
    }

    [Fact]
    public void Qwen3_VL_puts_its_calls_into_one_message()
    {
        const string Text = "The user query:  Save it\nTask progress (You have done the following operation on the current device): ";
        Assert.Equal(User(Text + Image) + Answer, Rendered("qwen3vl.mobile", "Save it", 1));
        Assert.Equal(
            User(Text + "Step 1: {\"name\": \"computer_use\", \"arguments\": {\"action\": \"wait\", \"time\": 1}}; Step 2: I cannot.; " + Image) + Answer,
            Rendered("qwen3vl.computer", "Save it", 1, s_calls[0], s_calls[2]));
    }

    [Theory]
    [InlineData("ui-venus.grounding", "[x,y].")]
    [InlineData("ui-venus.refusal", "the output should be [-1,-1].")]
    public void UI_Venus_grounds_with_a_sentence_that_has_one_full_stop(string style, string end)
    {
        foreach (var instruction in new[] { "the gear icon", "the gear icon." })
        {
            var prompt = Rendered(style, instruction, 1);
            Assert.StartsWith(
                $"<|im_start|>user\n{Image}Output the center point of the position corresponding to the following instruction: \nthe gear icon. \n\nThe", prompt, StringComparison.Ordinal);
            Assert.EndsWith($"{end}<|im_end|>\n{Answer}", prompt, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gui-owl.grounding", "</tool_call>\n")]
    [InlineData("gui-owl.refusal", "\"status\": \"failure\"}}\n</tool_call>")]
    public void GUI_Owl_grounds_with_the_bare_instruction(string style, string end)
    {
        Assert.Equal(User(Image + "Save it.") + Answer, Rendered(style, "Save it.", 1));
        Assert.EndsWith(end, PromptStyle.Get(style).SystemMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gui-owl.computer", ActionLanguage.ToolCall, true, "computer_use", CoordinateConvention.Thousandths)]
    [InlineData("gui-owl.mobile", ActionLanguage.ToolCall, true, "mobile_use", CoordinateConvention.Thousandths)]
    [InlineData("gui-owl.grounding", ActionLanguage.ToolCall, false, "computer_use", CoordinateConvention.Thousandths)]
    [InlineData("gui-owl.refusal", ActionLanguage.ToolCall, false, "computer_use", CoordinateConvention.Thousandths)]
    [InlineData("ui-venus.grounding", ActionLanguage.Point, false, null, CoordinateConvention.Thousandths)]
    [InlineData("ui-venus.refusal", ActionLanguage.Point, false, null, CoordinateConvention.Thousandths)]
    [InlineData("ui-venus.mobile", ActionLanguage.UiVenus, true, null, CoordinateConvention.Thousandths)]
    [InlineData("ui-venus.web", ActionLanguage.UiVenus, true, null, CoordinateConvention.Thousandths)]
    [InlineData("qwen3vl.computer", ActionLanguage.ToolCall, false, "computer_use", CoordinateConvention.Thousandths)]
    [InlineData("qwen3vl.mobile", ActionLanguage.ToolCall, false, "mobile_use", CoordinateConvention.UpTo999)]
    [InlineData("uitars.computer", ActionLanguage.UiTars, true, null, null)]
    [InlineData("mini", ActionLanguage.OpenCua, false, null, null)]
    public void A_style_says_how_its_answers_are_read(
        string style, ActionLanguage actions, bool wordsFirst, string? tool, CoordinateConvention? coordinates) => Assert.Equal(
        new AnswerStyle(actions, wordsFirst) { Tool = tool, Coordinates = coordinates }, PromptStyle.Get(style).Answers(ActionLanguage.OpenCua));

    [Theory]
    [InlineData("gui-owl.mobile", 1)]
    [InlineData("ui-venus.web", 2)]
    [InlineData("qwen3vl.computer", 3)]
    [InlineData("ui-venus.grounding", 1)]
    public void Built_and_written_out_prompts_are_token_for_token_the_same(string style, int frames)
    {
        var request = new PromptRequest("Open it", [.. Enumerable.Repeat(s_grid, frames)]) { PastActions = s_calls };
        var built = new PromptBuilder(Mini.Tokenizer).Build(PromptStyle.Get(style), request);
        var raw = RawPrompt.Encode(Mini.Tokenizer, ChatTemplate.Render(PromptBuilder.Messages(PromptStyle.Get(style), request)), request.Frames);
        Assert.Equal(raw.Ids.ToArray(), built.Ids.ToArray());
        Assert.Equal(raw.Classes.ToArray(), built.Classes.ToArray());
        var (start, end) = built.Instruction!.Value;
        Assert.Contains("Open it", Mini.Tokenizer.Decode(built.Ids[start..end]), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_the_user_stay_messages_and_a_step_that_left_is_no_line()
    {
        ConversationTurn[] turns =
        [
            new([], null, "") { Left = true }, new([], null, s_calls[1]), new([], "and close it", s_calls[0]), new([], null, s_calls[2]), new([s_grid], "go on"),
        ];
        var prompt = ChatTemplate.Render(new TaskConversation(PromptStyle.Get("gui-owl.computer"), "Save it", turns).Messages());
        Assert.EndsWith(
            User(Owl("Step 2: Click it.") + "\nand close it") + Model(s_calls[0]) + Model(s_calls[2]) + User(Image + "go on") + Answer,
            prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void What_looks_like_a_placeholder_in_the_task_or_an_answer_is_text() => Assert.Contains(
        "Instruction: {steps}\n\nPrevious actions:\nStep 1: {instruction}", Rendered("gui-owl.computer", "{steps}", 1, "{instruction}"), StringComparison.Ordinal);

    public static TheoryData<string> Names { get; } = [.. PromptStyle.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_style_comes_back(string name)
    {
        using var saved = JsonDocument.Parse(JsonSerializer.Serialize(SavedOptions.Fields(PromptStyle.Get(name))));
        Assert.Equal(PromptStyle.Get(name), SavedOptions.Style(new JsonFields(saved.RootElement, "", "")));
    }

    [Fact]
    public void A_saved_style_names_a_known_history()
    {
        using var saved = JsonDocument.Parse(
            """
            {"name":"x","template":"{instruction}","system":null,"position":"last","actions":null,"history":null,"coordinates":null,"steps":"y","endsSentence":false}
            """);
        var refused = Assert.Throws<StarKvException>(() => SavedOptions.Style(new JsonFields(saved.RootElement, "", "")));
        Assert.Contains("steps", refused.Message, StringComparison.Ordinal);
    }
}
