using System.Text.Json;
using StarKV.Conformance;
using StarKV.Text;

namespace StarKV.Cli.Tests.Conformance;

public sealed class TokenizerCasesTests(VocabularyFixture vocabulary)
{
    private static readonly string s_path = RepositoryFiles.Path("tests", "vectors", "cases", "tokenizer_cases.json");
    private static readonly JsonElement s_root = JsonDocument.Parse(File.ReadAllBytes(s_path)).RootElement;

    [Fact]
    public void Every_row_passes_save_the_prompts_that_cannot_be_shipped()
    {
        _ = vocabulary.Tokenizer;
        Assert.True(new TokenizerCases().Recognises(s_root));
        var results = new TokenizerCases().Run(s_path, s_root).ToList();

        Assert.Equal(44 + 3 + 33, results.Count);
        Assert.DoesNotContain(results, result => result.Verdict == CaseVerdict.Fail);
        var unsupported = results.Where(result => result.Verdict == CaseVerdict.Unsupported).ToList();
        Assert.Equal(12, unsupported.Count);
        Assert.All(unsupported, result => Assert.Contains("licence", result.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Prompt_texts_beside_the_file_are_taken()
    {
        _ = vocabulary.Tokenizer;
        var folder = Directory.CreateTempSubdirectory("starkv-");
        try
        {
            var copy = Path.Combine(folder.FullName, "cases.json");
            File.Copy(s_path, copy);
            File.WriteAllText(Path.Combine(folder.FullName, "prompts.json"), """{"prompts":[{"id":"mind2web.uitars","text":"not that"}]}""");
            var result = Assert.Single(new TokenizerCases().Run(copy, s_root), result => result.Case == "prompt mind2web.uitars");
            Assert.Equal((CaseVerdict.Fail, "2 ids, expected 284"), (result.Verdict, result.Detail));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_conversation_built_from_messages_equals_the_rendered_one()
    {
        var row = s_root.GetProperty("conversations")[0];
        var request = new PromptRequest("open the settings", [MergedGrid.OfPixels(56, 56)]);
        var map = new PromptBuilder(vocabulary.Tokenizer).Build(PromptStyle.Get("uitars.grounding"), request);
        Assert.Equal(row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), map.Ids.ToArray());
    }

    [Fact]
    public void A_conversation_with_past_answers_equals_the_rendered_one()
    {
        var row = s_root.GetProperty("conversations")[2];
        var template = new ChatTemplate(vocabulary.Tokenizer);
        var map = template.Encode(
        [
            ChatMessage.Of(ChatRole.User, new MergedGrid(1, 1)),
            ChatMessage.Of(ChatRole.Assistant, "# Step 1:\nStep 1:\nThought: a\nAction: wait()"),
            ChatMessage.Of(ChatRole.User, new MergedGrid(1, 1), "go"),
        ]);
        Assert.Equal(row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), map.Ids.ToArray());
    }

    [Fact]
    public void Line_feeds_join_across_the_seam_of_template_and_content()
    {
        var template = new ChatTemplate(vocabulary.Tokenizer);
        var messages = new[] { ChatMessage.Of(ChatRole.User, "\nfoo\n") };
        var rendered = vocabulary.Tokenizer.Encode(ChatTemplate.Render(messages), controlTokens: true);
        Assert.Equal(rendered, template.Encode(messages).Ids.ToArray());
    }

    [Fact]
    public void Without_special_tokens_the_tool_tags_stay()
    {
        int[] ids = [151644, 151657, 9707, 151658, 151645, 151643, 200000];
        Assert.Equal("<tool_call>Hello</tool_call>", vocabulary.Tokenizer.Decode(ids, skipSpecial: true));
        Assert.Equal("<|im_start|><tool_call>Hello</tool_call><|im_end|><|endoftext|>", vocabulary.Tokenizer.Decode(ids));
    }

    [Fact]
    public void Without_a_vocabulary_every_case_says_how_to_get_one()
    {
        var results = new TokenizerCases(() => null).Run(s_path, s_root).ToList();
        Assert.All(results, result => Assert.Equal(CaseVerdict.Unsupported, result.Verdict));
        Assert.Contains("eng/fetch-tokenizer.sh", results[0].Detail, StringComparison.Ordinal);
    }
}
