using System.Runtime.CompilerServices;
using System.Text.Json;
using StarKV.Files;

namespace StarKV.Text;

/// <summary>What a <c>tokenizer.json</c> says: the vocabulary, the merges in their order, the added tokens.</summary>
/// <remarks>Read as a stream of JSON tokens: a tree of the 300,000 entries of a real file would alone cost a second.</remarks>
internal sealed class TokenizerFile
{
    /// <summary>Ids index an array, so there is a limit.</summary>
    public const int LargestId = 9_999_999;

    // Published files have up to 33 MB.
    private const long MaxBytes = 128L << 20;

    private string? _type;
    private string? _pattern;
    private string? _unsupported;

    private TokenizerFile() { }

    /// <summary>Byte-pair tokens with their ids.</summary>
    public List<KeyValuePair<string, int>> Vocabulary { get; } = [];

    /// <summary>Pairs to join, as <c>left right</c>, the most urgent first.</summary>
    public List<string> Merges { get; } = [];

    /// <summary>Tokens outside the byte-pair vocabulary.</summary>
    public List<AddedToken> Added { get; } = [];

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="StarKvException">The file is missing, not JSON, or not a byte-level BPE of the Qwen2 family.</exception>
    public static TokenizerFile Read(string path)
    {
        var json = PlainFile.ReadAllBytes(path, MaxBytes, "Give the path of a checkpoint's tokenizer.json.");
        if (StandIn.Of(json) is { } instead)
            throw new StarKvException($"{path} {instead}");
        var file = new TokenizerFile();
        try
        {
            var utf8 = json.AsSpan();
            var reader = new Utf8JsonReader(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
            reader.Read();
            file.ReadRoot(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new StarKvException($"{path} is not a tokenizer.json: {e.Message} Download the file again.", e);
        }

        file.Check(path);
        return file;
    }

    private void Check(string path)
    {
        if (_type is not (null or "BPE") || Vocabulary.Count == 0 || Merges.Count == 0)
            throw new StarKvException(
                $"{path} holds {(_type is null ? "no model" : $"a {_type} model")} with {Vocabulary.Count} "
                    + $"tokens and {Merges.Count} merges; StarKV reads byte-level BPE tokenizers (model.type \"BPE\").");
        if (_unsupported is not null)
            throw new StarKvException(
                $"{path} sets model.{_unsupported}, which the tokenizers of the Qwen2 family do not; StarKV reads only those.");
        CheckVocabulary(path);
        if (_pattern != QwenPreTokenizer.Pattern)
            throw new StarKvException(
                $"{path} splits words by {(_pattern is null ? "no pattern" : $"the pattern {_pattern}")}; "
                    + $"StarKV reads tokenizers of the Qwen2 family, which split by {QwenPreTokenizer.Pattern}.");
    }

    // Without a token for each byte some text would vanish silently; ids index an array.
    private void CheckVocabulary(string path)
    {
        var bytes = new HashSet<char>(ByteAlphabet.CharOf);
        foreach (var (token, id) in Vocabulary.Concat(Added.Select(added => new KeyValuePair<string, int>(added.Content, added.Id))))
        {
            if (id is < 0 or > LargestId)
                throw new StarKvException(
                    $"{path} gives the token {token} the id {id}; ids run from 0 to {LargestId}. Download the file again.");
            if (token.Length == 1)
                bytes.Remove(token[0]);
        }

        if (bytes.Count > 0)
            throw new StarKvException($"{path} has no token for {bytes.Count} of the 256 bytes; StarKV reads byte-level BPE tokenizers.");
    }

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("added_tokens"))
                ReadAdded(ref reader);
            else if (reader.ValueTextEquals("pre_tokenizer"))
                ReadPattern(ref reader);
            else if (reader.ValueTextEquals("model"))
                ReadModel(ref reader);
            else
                reader.Skip();
        }
    }

    private void ReadModel(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"))
                _type = ReadString(ref reader);
            else if (reader.ValueTextEquals("vocab"))
                ReadVocabulary(ref reader);
            else if (reader.ValueTextEquals("merges"))
                ReadMerges(ref reader);
            else
                NoteUnsupported(ref reader);
        }
    }

    // dropout, unk_token, the affixes, fuse_unk, byte_fallback, ignore_merges: null, false or "" in this family.
    private void NoteUnsupported(ref Utf8JsonReader reader)
    {
        var name = reader.GetString();
        reader.Read();
        var off = reader.TokenType is JsonTokenType.Null or JsonTokenType.False
            || reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("");
        if (!off)
            _unsupported ??= name;
        reader.Skip();
    }

    // The two long loops run once, so they never get past the unoptimised first tier of the JIT unless told to skip it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadVocabulary(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (NextProperty(ref reader))
        {
            var token = reader.GetString()!;
            reader.Read();
            Vocabulary.Add(new(token, reader.GetInt32()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadMerges(ref Utf8JsonReader reader)
    {
        var pair = new char[1024];
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                Merges.Add(reader.GetString()!);
                continue;
            }

            reader.Read();
            var left = CopyString(ref reader, ref pair, 0);
            pair[left] = ' ';
            reader.Read();
            var end = left + 1 + CopyString(ref reader, ref pair, left + 1);
            Merges.Add(new string(pair, 0, end));
            reader.Read();
        }
    }

    // Leaves room for one more character after the copy.
    private static int CopyString(ref Utf8JsonReader reader, ref char[] target, int start)
    {
        var max = reader.ValueSpan.Length + 1;
        if (target.Length < start + max)
            Array.Resize(ref target, 2 * (start + max));
        return reader.CopyString(target.AsSpan(start));
    }

    private void ReadAdded(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            int? id = null;
            string? content = null;
            var special = false;
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("id"))
                {
                    reader.Read();
                    id = reader.GetInt32();
                }
                else if (reader.ValueTextEquals("content"))
                {
                    content = ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("special"))
                {
                    reader.Read();
                    special = reader.GetBoolean();
                }
                else
                {
                    reader.Skip();
                }
            }

            if (id is null || string.IsNullOrEmpty(content))
                throw new JsonException("an added token lacks its id or content.");
            Added.Add(new AddedToken(id.Value, content, special));
        }
    }

    // The pattern may stand alone or inside a sequence of pre-tokenizers.
    private void ReadPattern(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("Regex"))
                _pattern = ReadString(ref reader);
        }
    }

    private static bool NextProperty(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    private static string ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString() ?? throw new JsonException("a string is missing.");
    }
}
