using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StarKV.Conformance;
using StarKV.Tests.Models.OpenCua;
using StarKV.Text;

namespace StarKV.Cli.Tests.Conformance;

/// <summary>The published ranks in the form of OpenCUA's tiktoken.model: the vectors' ids, and the published ids of the added tokens.</summary>
public sealed class TiktokenVocabularyTests(VocabularyFixture vocabulary)
{
    private static readonly JsonElement s_root =
        JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "cases", "tokenizer_cases.json"))).RootElement;

    [Fact]
    public void Texts_and_OpenCUA_s_prompts_have_the_ids_of_the_vectors()
    {
        _ = vocabulary.Tokenizer;
        using var folder = new TempFolder();
        OpenCuaCheckpoint.WriteTokenizer(folder, TokenizerFile.Read(TokenizerCache.Find()!).Vocabulary);
        var tokenizer = QwenTokenizer.LoadFolder(folder.Path);

        // Texts with added tokens of Qwen's have no pieces; those in another form than NFC are bytes of their own here.
        var texts = s_root.GetProperty("cases").EnumerateArray()
            .Where(item => item.GetProperty("pieces").ValueKind != JsonValueKind.Null && Nfc.Normalize(item.GetProperty("text").GetString()!) == item.GetProperty("text").GetString()).ToList();
        Assert.True(texts.Count > 30, $"{texts.Count} texts");
        Assert.All(texts, item => Assert.Equal(item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(item.GetProperty("text").GetString()!)));

        var prompts = s_root.GetProperty("prompts").GetProperty("rows").EnumerateArray().Select(row => (Id: row.GetProperty("prompt").GetString()!, Hash: row.GetProperty("sha256_of_ids").GetString()))
            .Where(row => row.Id.StartsWith("opencua.", StringComparison.Ordinal)).ToList();
        Assert.Equal(15, prompts.Count);
        Assert.All(prompts, row => Assert.Equal(row.Hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', tokenizer.Encode(PromptTexts.Get(row.Id))))))));

        var map = new PromptBuilder(tokenizer, ChatFormat.OpenCua).Build(PromptStyle.Get("opencua.grounding"), new PromptRequest("go", [new(1, 2)]));
        Assert.Equal(
            [
                151653, 8948, 151660, .. tokenizer.Encode(PromptTexts.Get("opencua.grounding.system")), 151645,
                151646, 872, 151660, 151661, 1805, 151662, 151664, 151664, 151663, .. tokenizer.Encode("go"), 151645,
                151647, 77091, 151660,
            ], map.Ids.ToArray());
    }
}
