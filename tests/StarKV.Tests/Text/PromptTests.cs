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
        Assert.StartsWith("There is no prompt style \"x\"; known are gui-owl.computer, gui-owl.grounding,", Assert.Throws<StarKvException>(() => PromptStyle.Get("x")).Message, StringComparison.Ordinal);
        Assert.Contains("2 <|image_pad|> but 1 image(s)", Assert.Throws<StarKvException>(() => RawPrompt.Encode(Mini.Tokenizer, "<|image_pad|><|image_pad|>", s_one)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uitars.computer", "0fd4d14c3890f672de26132b5a8dccf602f413a6187e92b9b182333c7e6bd49b")]
    [InlineData("uitars.mobile", "4c6da47a4608edb035dbbf35a6562fc9d18afdd41aeb374089e30ac4d0a6c47f")]
    [InlineData("uitars.grounding", "e0fda4eb0b91efda10238a7441ba86278c4edf0c00e465b79bcc18f13abe5b3f")]
    [InlineData("gui-owl.computer.system", "c81ce4add7fdc174795fed0d197734479154bcade1462ac5e24781d181cb448e")]
    [InlineData("gui-owl.grounding.system", "f61895fcd0e363a052f901b82a3286c195b46fb5c2a7fbb42bf5818b9db2e753")]
    [InlineData("gui-owl.instruction", "3c61215adef1837657754f81fcd3dd7e933c91ac82df0b0fdb892685806f719e")]
    [InlineData("gui-owl.mobile.system", "275599396258056288eb58e66697f178f8b38f0ada9955f1181940c3f3ce5fcf")]
    [InlineData("gui-owl.refusal", "88f5bd0af337ddf68cafc263eca62c9b7b36d05d22ca12a3974baec4c680bdc2")]
    [InlineData("qwen3vl.computer.system", "06dd7f9d6fb9e634ba8f9313a982850a61d42226ed67458470e013e218d418d4")]
    [InlineData("qwen3vl.instruction", "c01dad9801797fb411cc3c059ab3f8f435c3cf9822ebc20402aaa32174ec4c76")]
    [InlineData("qwen3vl.mobile.system", "4bfdd808ef1a03dfe1cae9e3cf07ba4ccf1e7a2c41862d8915b8847e816be2dc")]
    [InlineData("ui-venus.grounding", "41b4b1cc611ca42645619897a1816fd6e55f09f82da76a98929edfae58702c85")]
    [InlineData("ui-venus.mobile", "2779ca1f4a92dfb9d3d6c99a9ae803c9257757a30c54d9b7046c401a4591a866")]
    [InlineData("ui-venus.refusal", "c4e0942fc7a20af0321bd1e4a402a2ac56800875a37feff08788a8386546d048")]
    [InlineData("ui-venus.web", "8bd3ca1cfa27dc5c9774c04e021b853bdc72937710e03125033bb2bb3101039f")]
    public void Shipped_texts_are_kept_byte_for_byte(string id, string sha256) =>
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PromptTexts.Get(id)))));

    [Fact]
    public void Only_texts_that_may_be_shipped_are() => Assert.Equal(33, PromptTexts.Ids.Count);
}
