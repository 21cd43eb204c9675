using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StarKV.Files;
using StarKV.Text;

namespace StarKV.Conformance;

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
        && cases.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("ids", out _));

    /// <inheritdoc />
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var vocabulary = (findVocabulary ?? TokenizerCache.Find)();
        var tokenizer = vocabulary is null ? null : QwenTokenizer.Load(vocabulary, TokenizerCache.LastAddedId);
        var texts = PromptTextsBeside(path);
        return [.. Texts(root, tokenizer), .. Conversations(root, tokenizer), .. Prompts(root, tokenizer, texts)];
    }

    private static IEnumerable<CaseResult> Texts(JsonElement root, QwenTokenizer? tokenizer) =>
        root.Each("cases", Group, (item, i) => $"text {i} {Shown(item.Text("text"))}", (item, name) =>
        {
            var text = item.Text("text");
            return Check(name, tokenizer, known =>
                Difference(known.Encode(text, controlTokens: true), Ids(item))
                ?? PieceDifference(text, item.Member("pieces"))
                ?? DecodeDifference(known, text, Ids(item)));
        });

    private static IEnumerable<CaseResult> Conversations(JsonElement root, QwenTokenizer? tokenizer) =>
        root.Each("conversations", Group, (item, _) => $"conversation {item.Text("title")}", (item, name) => Check(
            name, tokenizer,
            known => Difference(known.Encode(item.Text("text"), controlTokens: true), Ids(item))));

    private static IEnumerable<CaseResult> Prompts(JsonElement root, QwenTokenizer? tokenizer, IReadOnlyDictionary<string, string> texts)
    {
        return !root.TryGetProperty("prompts", out var prompts)
            ? []
            : prompts.Each("rows", Group, (row, _) => $"prompt {row.Text("prompt")}", (row, name) =>
        {
            var id = row.Text("prompt");
            var text = texts.GetValueOrDefault(id) ?? PromptTexts.Find(id);
            return text is null
                ? CaseResult.Missing(Group, name, "prompt text not shipped (licence); put prompts.json beside the case file")
                : Check(name, tokenizer, known => PromptDifference(known.Encode(text, controlTokens: true), row));
        });
    }

    private static CaseResult Check(string name, QwenTokenizer? tokenizer, Func<QwenTokenizer, string?> difference) =>
        tokenizer is null
            ? CaseResult.Missing(Group, name, TokenizerCache.Missing)
            : CaseResult.Of(Group, name, difference(tokenizer));

    // The hash of a prompt is that of its ids in decimal, joined by commas.
    private static string? PromptDifference(int[] ids, JsonElement row)
    {
        var expected = row.Text("sha256_of_ids");
        var actual = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', ids))));
        if (actual == expected)
            return null;
        return ids.Length == row.Whole("tokens")
            ? $"{ids.Length} ids with hash {actual}, expected {expected}"
            : $"{ids.Length} ids, expected {row.Whole("tokens")}";
    }

    private static string? PieceDifference(string text, JsonElement pieces)
    {
        if (pieces.ValueKind == JsonValueKind.Null)
            return null;
        var actual = QwenTokenizer.Words(Nfc.Normalize(text));
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
        string At(int[] ids) => same < ids.Length ? ids[same].ToString(CultureInfo.InvariantCulture) : "the end";
        return $"id {same} is {At(actual)}, expected {At(expected)}";
    }

    private static int[] Ids(JsonElement item) => [.. item.List("ids").Select(id => id.GetInt32())];

    private static string Shown(string text) => JsonSerializer.Serialize(text.Length > 40 ? text[..40] + "…" : text);

    private static Dictionary<string, string> PromptTextsBeside(string path)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "prompts.json");
        if (!File.Exists(file))
            return [];
        return JsonFile.Value(PlainFile.ReadAllBytes(file), file).List("prompts")
            .ToDictionary(item => item.Text("id"), item => item.Text("text"));
    }
}
