using System.Text;
using CsCheck;
using StarKV.Tests.Models.OpenCua;
using StarKV.Text;

namespace StarKV.Tests.Text;

/// <summary>A tiktoken vocabulary: the same ranks give the same ids as their tokenizer.json, and damaged files are refused.</summary>
public sealed class TiktokenTests : IDisposable
{
    private static readonly List<KeyValuePair<string, int>> s_ranks = TokenizerFile.Read(RepositoryFiles.Path("models", "mini", "tokenizer.json")).Vocabulary;

    private readonly TempFolder _folder = new();

    public TiktokenTests() => OpenCuaCheckpoint.WriteTokenizer(_folder, s_ranks);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_in_form_C_has_the_ids_of_the_tokenizer_json()
    {
        var tokenizer = QwenTokenizer.LoadFolder(_folder.Path);
        Gen.OneOf(Gen.Int[0, 0x17F], Gen.Int[0x400, 0x4FF], Gen.Int[0x4E00, 0x4FFF], Gen.Int[0x1F600, 0x1F64F], Gen.Char["abcdeilnorstu ABC'0123\n\r\t"].Select(c => (int)c))
            .List[0, 40].Select(runes => string.Concat(runes.Select(rune => new Rune(rune).ToString())))
            .Sample(text =>
            {
                var ids = tokenizer.Encode(text);
                return ids.SequenceEqual(Mini.Tokenizer.Encode(text)) && tokenizer.Decode(ids) == text;
            });
    }

    [Fact]
    public void Bytes_are_joined_as_they_are_without_a_normal_form()
    {
        const string Decomposed = "e\u0301";
        var tokenizer = QwenTokenizer.LoadFolder(_folder.Path);
        Assert.Equal(Decomposed, tokenizer.Decode(tokenizer.Encode(Decomposed)));
        Assert.Equal("\u00E9", Mini.Tokenizer.Decode(Mini.Tokenizer.Encode(Decomposed)));
        Assert.Equal("a\uFFFDb", tokenizer.Decode(tokenizer.Encode("a\uD800b")));
    }

    [Fact]
    public void Added_tokens_have_the_ids_of_the_configuration_and_act_only_when_asked_for()
    {
        var tokenizer = QwenTokenizer.LoadFolder(_folder.Path);
        Assert.Equal([1916, .. tokenizer.Encode("system"), 1923], tokenizer.Encode("<|im_system|>system<|im_middle|>", controlTokens: true));
        Assert.DoesNotContain(tokenizer.Encode("<|im_system|>[EOS]"), id => id >= s_ranks.Count);
        Assert.Equal("ok", tokenizer.Decode([.. tokenizer.Encode("ok"), 1908, 1907], skipSpecial: true));
        Assert.Equal(1928, tokenizer.VocabularySize);
    }

    [Fact]
    public void A_tokenizer_json_wins()
    {
        _folder.Copy("models", "mini", "tokenizer.json");
        Assert.Equal(1907, QwenTokenizer.LoadFolder(_folder.Path).IdOf("<|im_start|>"));
    }

    [Theory]
    [InlineData("AA== 0", "AA==0", "token 0 is not of the form")]
    [InlineData("AA== 0", "I 0", "token 0 is not of the form")]
    [InlineData("AA== 0", "AA== -1", "token 0 is not of the form")]
    [InlineData("AA== 0", "AA== 1", "rank 1 is beyond them or the rank or its token occurs there twice")]
    [InlineData("AA== 0", "AA== 9999999", "rank 9999999 is beyond them")]
    [InlineData("AA== 0", "Ig== 0", "occurs there twice")]
    [InlineData("AA== 0", "ISEhISE= 0", "no token for 1 of the 256 bytes")]
    public void Damaged_ranks_are_refused(string line, string changed, string said) => Refused("tiktoken.model", line + "\n", changed + "\n", said);

    [Theory]
    [InlineData("\"added_tokens_decoder\"", "\"added\"", "has no added_tokens_decoder")]
    [InlineData("\"1906\"", "\"first\"", "added_tokens_decoder.first lacks its id or content")]
    [InlineData("\"1906\"", "\"5\"", "gives the added token [BOS] the id 5; tiktoken.model takes the ids below 1906")]
    [InlineData("\"content\":\"[BOS]\"", "\"content\":\"\"", "added_tokens_decoder.1906 lacks its id or content")]
    [InlineData("\"content\":\"[BOS]\"", "\"content\":\"[EOS]\"", "contradicts itself")]
    public void Damaged_added_tokens_are_refused(string old, string changed, string said) => Refused("tokenizer_config.json", old, changed, said);

    private void Refused(string file, string old, string changed, string said)
    {
        var text = File.ReadAllText(_folder.File(file));
        Assert.Contains(old, text, StringComparison.Ordinal);
        _folder.Write(file, text.Replace(old, changed, StringComparison.Ordinal));
        Assert.Contains(said, Assert.Throws<StarKvException>(() => QwenTokenizer.LoadFolder(_folder.Path)).Message, StringComparison.Ordinal);
    }
}
