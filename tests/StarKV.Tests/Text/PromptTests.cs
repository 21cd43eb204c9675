using System.Security.Cryptography;
using System.Text;
using StarKV.Text;

namespace StarKV.Tests.Text;

public sealed class PromptTests
{
    private static readonly MergedGrid[] s_one = [new(2, 2)];

    public static TheoryData<string> SampleIds => [.. Mini.Samples.Select(sample => sample.Id)];

    [Theory]
    [MemberData(nameof(SampleIds))]
    public void The_mini_models_prompts_are_rebuilt(string id)
    {
        var sample = Mini.Samples.Single(sample => sample.Id == id);
        var request = new PromptRequest(sample.Instruction, sample.Grids) { PastActions = sample.PastActions, Position = sample.Position };
        Assert.Equal(sample.Prompt, ChatTemplate.Render(PromptBuilder.Messages(PromptStyle.Get("mini"), request)));

        var raw = RawPrompt.Encode(Mini.Tokenizer, sample.Prompt, sample.Grids);
        var built = new PromptBuilder(Mini.Tokenizer).Build(PromptStyle.Get("mini"), request);
        Assert.Equal(sample.PromptTokens, raw.Length);
        Assert.Equal(raw.Ids.ToArray(), built.Ids.ToArray());
        Assert.Equal(raw.Classes.ToArray(), built.Classes.ToArray());
        Assert.Equal(raw.Frames, built.Frames);
    }

    [Fact]
    public void A_system_message_is_added_only_when_there_is_none()
    {
        Assert.Equal(
            "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n",
            ChatTemplate.Render([ChatMessage.Of(ChatRole.User, "hi")]));
        Assert.Equal(
            "<|im_start|>system\nBe brief. <|im_end|>\n<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>hi<|im_end|>\n",
            ChatTemplate.Render([ChatMessage.Of(ChatRole.System, "Be brief. "), ChatMessage.Of(ChatRole.User, new MergedGrid(1, 1), "hi")], openAnswer: false));
    }

    [Fact]
    public void Without_past_actions_all_screenshots_share_a_turn() => Assert.EndsWith(
        "user\n<|vision_start|><|image_pad|><|vision_end|><|vision_start|><|image_pad|><|vision_end|>go<|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.Render(PromptBuilder.Messages(PromptStyle.Get("qwen"), new PromptRequest("go", [new(1, 1), new(1, 1)]))),
        StringComparison.Ordinal);

    [Fact]
    public void Answers_stay_when_their_screenshots_have_left()
    {
        var request = new PromptRequest("go", [new(1, 1), new(1, 1)]) { PastActions = ["a", "b", "c"] };
        var roles = PromptBuilder.Messages(PromptStyle.Get("uitars"), request).Select(message => message.Role.ToString()[0]);
        Assert.Equal("UAAUAU", string.Concat(roles));
    }

    [Fact]
    public void Placeholders_are_filled_once_and_plainly()
    {
        var style = new PromptStyle("x", "{a} {instruction} {language} {b} {{c}", null, InstructionPosition.Last);
        var request = new PromptRequest("use {language} {a}", s_one) { Language = "German", Values = new Dictionary<string, string> { ["a"] = "1", ["c"] = "3" } };
        Assert.Equal("1 use {language} {a} German {b} {3", style.Fill(request).Text);
    }

    [Fact]
    public void The_agent_text_names_the_language()
    {
        var text = PromptStyle.Get("UITARS").Fill(new PromptRequest("open it", s_one) { Language = "Chinese" }).Text;
        Assert.Contains("- Use Chinese in `Thought` part.", text, StringComparison.Ordinal);
        Assert.EndsWith("## User Instruction\nopen it\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_serves_as_a_style()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "Task: {instruction}!");
            Assert.Equal("Task: go!", PromptStyle.Get("file:" + path).Fill(new PromptRequest("go", s_one)).Text);
            File.WriteAllText(path, "Task");
            Assert.Contains("lacks the placeholder {instruction}", Assert.Throws<StarKvException>(() => PromptStyle.Get("file:" + path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_cannot_be_asked_is_refused_in_a_sentence()
    {
        static string Error(PromptRequest request) =>
            Assert.Throws<StarKvException>(() => PromptBuilder.Messages(PromptStyle.Get("mini"), request)).Message;
        Assert.StartsWith("The instruction is empty;", Error(new PromptRequest(" ", s_one)), StringComparison.Ordinal);
        Assert.StartsWith("There is no screenshot;", Error(new PromptRequest("go", [])), StringComparison.Ordinal);
        Assert.StartsWith("There are 3 screenshots but 1 past actions;", Error(new PromptRequest("go", [.. s_one, .. s_one, .. s_one]) { PastActions = ["a"] }), StringComparison.Ordinal);
        Assert.StartsWith("There is no prompt style \"x\"; known are mini, opencua.grounding,", Assert.Throws<StarKvException>(() => PromptStyle.Get("x")).Message, StringComparison.Ordinal);
        Assert.Contains("2 <|image_pad|> but 1 image(s)", Assert.Throws<StarKvException>(() => RawPrompt.Encode(Mini.Tokenizer, "<|image_pad|><|image_pad|>", s_one)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uitars.computer", "0fd4d14c3890f672de26132b5a8dccf602f413a6187e92b9b182333c7e6bd49b")]
    [InlineData("uitars.mobile", "4c6da47a4608edb035dbbf35a6562fc9d18afdd41aeb374089e30ac4d0a6c47f")]
    [InlineData("uitars.grounding", "e0fda4eb0b91efda10238a7441ba86278c4edf0c00e465b79bcc18f13abe5b3f")]
    public void Shipped_texts_are_kept_byte_for_byte(string id, string sha256) =>
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PromptTexts.Get(id)))));

    [Fact]
    public void Only_texts_that_may_be_shipped_are() => Assert.Equal(21, PromptTexts.Ids.Count);
}
