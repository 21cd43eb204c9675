using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using StarKV.Files;

namespace StarKV.Text;

/// <summary>What <c>tiktoken.model</c> and <c>tokenizer_config.json</c> say: the ranked byte strings and the added tokens.</summary>
/// <remarks>
/// A line is the token's bytes in base64, a blank and its rank, which is
/// also its id; the lowest rank is joined first. Added tokens are those of
/// <c>added_tokens_decoder</c>. Neither file names the pattern that words are
/// split by: StarKV takes that of the Qwen2 family, whose ranks these are.
/// </remarks>
internal sealed class TiktokenFile
{
    /// <summary>The file of the ranks.</summary>
    public const string Name = "tiktoken.model";

    // The ranks of the family take 2.5 MB.
    private const long MaxBytes = 64L << 20;

    private TiktokenFile(string path, byte[] lines, List<KeyValuePair<string, int>> vocabulary, List<AddedToken> added) =>
        (Path, Lines, Vocabulary, Added) = (path, lines, vocabulary, added);

    /// <summary>The path of the ranks.</summary>
    public string Path { get; }

    /// <summary>The lines of the ranks alone: the library that reads them again comes to no end at an empty line.</summary>
    public byte[] Lines { get; }

    /// <summary>Tokens in the byte alphabet with their ranks.</summary>
    public List<KeyValuePair<string, int>> Vocabulary { get; }

    /// <summary>Tokens outside the ranks.</summary>
    public List<AddedToken> Added { get; }

    /// <summary>Reads and checks both files of a folder.</summary>
    /// <exception cref="StarKvException">A file is missing or damaged, or the two contradict each other.</exception>
    public static TiktokenFile Read(string folder)
    {
        var path = System.IO.Path.Combine(folder, Name);
        var bytes = PlainFile.ReadAllBytes(path, MaxBytes);
        if (StandIn.Of(bytes) is { } instead)
            throw new StarKvException($"{path} {instead}");
        var (lines, vocabulary) = ReadRanks(path, bytes);
        return new TiktokenFile(
            path, lines, vocabulary, ReadAdded(System.IO.Path.Combine(folder, "tokenizer_config.json"), vocabulary.Count));
    }

    private static (byte[] Lines, List<KeyValuePair<string, int>> Vocabulary) ReadRanks(string path, ReadOnlySpan<byte> text)
    {
        var (lines, vocabulary) = (new ArrayBufferWriter<byte>(text.Length + 1), new List<KeyValuePair<string, int>>());
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].TrimEnd((byte)'\r');
            if (line.IsEmpty)
                continue;
            var blank = line.IndexOf((byte)' ');
            if (blank < 1
                || Token(line[..blank]) is not { Length: > 0 } token
                || !int.TryParse(line[(blank + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var rank))
                throw new StarKvException($"{path}: token {vocabulary.Count} is not of the form \"base64 rank\". Download the file again.");
            vocabulary.Add(new(token, rank));
            lines.Write(line);
            lines.Write("\n"u8);
        }

        CheckRanks(path, vocabulary);
        return (lines.WrittenSpan.ToArray(), vocabulary);
    }

    // Without a token for each byte some text would vanish silently; ranks index an array.
    private static void CheckRanks(string path, List<KeyValuePair<string, int>> vocabulary)
    {
        var (ranks, tokens) = (new bool[vocabulary.Count], new HashSet<string>(vocabulary.Count, StringComparer.Ordinal));
        foreach (var (token, rank) in vocabulary)
        {
            if (rank >= ranks.Length || ranks[rank] || !tokens.Add(token))
                throw new StarKvException(
                    $"{path} has {ranks.Length} tokens, but rank {rank} is beyond them or "
                        + $"the rank or its token occurs there twice. Download the file again.");
            ranks[rank] = true;
        }

        if (ByteAlphabet.CharOf.Count(name => !tokens.Contains(name.ToString())) is > 0 and var missing)
            throw new StarKvException($"{path} has no token for {missing} of the 256 bytes. Download the file again.");
    }

    private static string? Token(ReadOnlySpan<byte> base64)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out var count) == OperationStatus.Done
            ? string.Create(count, bytes, (name, source) =>
            {
                for (var i = 0; i < name.Length; i++)
                    name[i] = ByteAlphabet.CharOf[source[i]];
            })
            : null;
    }

    private static List<AddedToken> ReadAdded(string path, int ranks)
    {
        if (!File.Exists(path))
            throw new StarKvException($"There is no {path}, which names the added tokens of {Name}. Download the complete model.");
        var table = JsonFile.Read(path).Object("added_tokens_decoder")
            ?? throw new StarKvException(
                $"{path} has no added_tokens_decoder, so the added tokens of {Name} are not known. Download the file again.");
        return [.. table.Names.Select(name => AddedOf(path, name, table.Object(name), ranks))];
    }

    private static AddedToken AddedOf(string path, string name, JsonFields? fields, int ranks)
    {
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || fields?.Text("content") is not { Length: > 0 } content)
            throw new StarKvException(
                $"{path}: added_tokens_decoder.{MessageText.Text(name)} lacks its id or content. Download the file again.");
        if (id < ranks || id > TokenizerFile.LargestId)
            throw new StarKvException(
                $"{path} gives the added token {MessageText.Text(content)} the id {id}; {Name} takes the ids "
                    + $"below {ranks}, and {TokenizerFile.LargestId} is the largest. Download both files again.");
        return new AddedToken(id, content, fields.Flag("special", false));
    }
}
