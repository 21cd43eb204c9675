using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StarKV.Text;

namespace StarKV.Fuzz.Seeds;

/// <summary>A tokenizer of the 256 bytes, a few merges and three added tokens, in both file forms.</summary>
internal static class TinyTokenizer
{
    private static readonly (string Left, string Right)[] s_merges = [("i", "n"), ("Ġ", "c"), ("l", "i"), ("Ġc", "li"), ("c", "t")];
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IReadOnlyList<string> Tokens { get; } = [.. ByteAlphabet.CharOf.Select(c => c.ToString()), .. s_merges.Select(m => m.Left + m.Right)];

    /// <summary>A <c>tokenizer.json</c>.</summary>
    /// <param name="pairs">True for merges as lists of two, as newer files have them.</param>
    public static byte[] Json(bool pairs = false) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = "1.0",
        added_tokens = new[] { "<|endoftext|>", "<|im_start|>", "<|im_end|>" }.Select((content, i) => new { id = Tokens.Count + i, content, special = true }),
        normalizer = new { type = "NFC" },
        pre_tokenizer = new { type = "Sequence", pretokenizers = new object[] { new { type = "Split", pattern = new { Regex = QwenPreTokenizer.Pattern } }, new { type = "ByteLevel" } } },
        model = new { type = "BPE", dropout = (double?)null, byte_fallback = false, vocab = Tokens.Index().ToDictionary(t => t.Item, t => t.Index), merges = s_merges.Select(m => pairs ? (object)new[] { m.Left, m.Right } : $"{m.Left} {m.Right}") },
    }, s_json);

    /// <summary>The ranks of a <c>tiktoken.model</c>.</summary>
    public static byte[] Ranks() => Encoding.ASCII.GetBytes(string.Concat(Tokens.Index().Select(t => $"{Convert.ToBase64String([.. t.Item.Select(c => (byte)ByteAlphabet.ByteOf(c))])} {t.Index}\n")));

    /// <summary>The <c>tokenizer_config.json</c> beside the ranks.</summary>
    public static byte[] Config() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        added_tokens_decoder = new[] { "[BOS]", "[EOS]", "<|im_end|>", "<|media_placeholder|>" }.Index().ToDictionary(t => $"{Tokens.Count + t.Index}", t => new { content = t.Item, lstrip = false, special = true }),
        auto_map = new { AutoTokenizer = new[] { "tokenization_opencua.TikTokenV3", null } },
        bos_token = "[BOS]",
    }, s_json);
}
