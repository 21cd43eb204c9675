using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StarKV.Text;

namespace StarKV.Cli.Conformance;

/// <summary>Token ids of texts, conversations and prompts under the vocabulary of Qwen2.5-VL.</summary>
/// <param name="findVocabulary">Gives the path of the vocabulary or null; default <see cref="TokenizerCache.Find"/>.</param>
internal sealed class TokenizerCases(Func<string?>? findVocabulary = null) : IVectorKind
{
    private const string Group = "tokenizer";

    /// <inheritdoc />
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("conversations", out _)
        && root.TryGetProperty("cases", out var cases)
        && cases.ValueKind == JsonValueKind.Array
        && cases.EnumerateArray().All(item => item.TryGetProperty("ids", out _));

    /// <inheritdoc />
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var vocabulary = (findVocabulary ?? TokenizerCache.Find)();
        var tokenizer = vocabulary is null ? null : QwenTokenizer.Load(vocabulary, TokenizerCache.LastAddedId);
        var texts = PromptTextsBeside(path);
        return [.. Texts(root, tokenizer), .. Conversations(root, tokenizer), .. Prompts(root, tokenizer, texts)];
    }

    private static IEnumerable<CaseResult> Texts(JsonElement root, QwenTokenizer? tokenizer) =>
        root.GetProperty("cases").EnumerateArray().Select((item, i) =>
        {
            var text = item.GetProperty("text").GetString()!;
            return Check($"text {i} {Shown(text)}", tokenizer, known =>
                Difference(known.Encode(text, controlTokens: true), Ids(item))
                ?? PieceDifference(text, item.GetProperty("pieces"))
                ?? DecodeDifference(known, text, Ids(item)));
        });

    private static IEnumerable<CaseResult> Conversations(JsonElement root, QwenTokenizer? tokenizer) =>
        root.GetProperty("conversations").EnumerateArray().Select(item => Check(
            $"conversation {item.GetProperty("title").GetString()}", tokenizer,
            known => Difference(known.Encode(item.GetProperty("text").GetString()!, controlTokens: true), Ids(item))));

    private static IEnumerable<CaseResult> Prompts(JsonElement root, QwenTokenizer? tokenizer, IReadOnlyDictionary<string, string> texts)
    {
        if (!root.TryGetProperty("prompts", out var prompts))
            yield break;
        foreach (var row in prompts.GetProperty("rows").EnumerateArray())
        {
            var id = row.GetProperty("prompt").GetString()!;
            var text = texts.GetValueOrDefault(id) ?? PromptTexts.Find(id);
            yield return text is null
                ? CaseResult.Missing(Group, $"prompt {id}", "prompt text not shipped (licence); put prompts.json beside the case file")
                : Check($"prompt {id}", tokenizer, known => PromptDifference(known.Encode(text, controlTokens: true), row));
        }
    }

    private static CaseResult Check(string name, QwenTokenizer? tokenizer, Func<QwenTokenizer, string?> difference) =>
        tokenizer is null
            ? CaseResult.Missing(Group, name, TokenizerCache.Missing)
            : CaseResult.Of(Group, name, difference(tokenizer));

    // The hash of a prompt is that of its ids in decimal, joined by commas.
    private static string? PromptDifference(int[] ids, JsonElement row)
    {
        var expected = row.GetProperty("sha256_of_ids").GetString();
        var actual = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', ids))));
        if (actual == expected)
            return null;
        return ids.Length == row.GetProperty("tokens").GetInt32()
            ? $"{ids.Length} ids with hash {actual}, expected {expected}"
            : $"{ids.Length} ids, expected {row.GetProperty("tokens").GetInt32()}";
    }

    private static string? PieceDifference(string text, JsonElement pieces)
    {
        if (pieces.ValueKind == JsonValueKind.Null)
            return null;
        var normal = Nfc.Normalize(text);
        var actual = new QwenPreTokenizer().PreTokenize(normal).Select(word => normal.Substring(word.Offset, word.Length));
        var expected = pieces.EnumerateArray().Select(piece => piece.GetString()!);
        return actual.SequenceEqual(expected) ? null : $"words {string.Join('|', actual)}, expected {string.Join('|', expected)}";
    }

    private static string? DecodeDifference(QwenTokenizer tokenizer, string text, int[] ids)
    {
        var decoded = tokenizer.Decode(ids);
        return decoded == Nfc.Normalize(text) ? null : $"decodes to {Shown(decoded)}, expected {Shown(Nfc.Normalize(text))}";
    }

    private static string? Difference(int[] actual, int[] expected)
    {
        var same = actual.AsSpan().CommonPrefixLength(expected);
        if (same == actual.Length && same == expected.Length)
            return null;
        string At(int[] ids) => same < ids.Length ? ids[same].ToString() : "the end";
        return $"id {same} is {At(actual)}, expected {At(expected)}";
    }

    private static int[] Ids(JsonElement item) => [.. item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    private static string Shown(string text) => JsonSerializer.Serialize(text.Length > 40 ? text[..40] + "…" : text);

    private static Dictionary<string, string> PromptTextsBeside(string path)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "prompts.json");
        if (!File.Exists(file))
            return [];
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.GetProperty("prompts").EnumerateArray()
            .ToDictionary(item => item.GetProperty("id").GetString()!, item => item.GetProperty("text").GetString()!);
    }
}
