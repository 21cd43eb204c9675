using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace StarKV.Text;

/// <summary>
/// The byte-level BPE tokenizer of the Qwen2 family, read from a checkpoint's
/// <c>tokenizer.json</c>, or with OpenCUA's added tokens from its <c>tiktoken.model</c>.
/// </summary>
/// <remarks>
/// Text is cut into words and joined by merge rank; nothing is put before
/// or after it. A <c>tokenizer.json</c> first brings it to Unicode NFC.
/// Thread-safe: the object is immutable. Source: the published tokenizer files of Qwen2, Qwen2.5 and Qwen2.5-VL.
/// </remarks>
public sealed class QwenTokenizer
{
    private readonly Tokenizer _bpe;
    private readonly Func<string, string> _normalise;
    private readonly string?[] _tokens;
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly Dictionary<string, AddedToken> _addedByContent;
    private readonly SearchValues<string> _addedContents;
    private readonly string _path;

    private QwenTokenizer(
        string path, List<KeyValuePair<string, int>> vocabulary, List<AddedToken> added, Tokenizer bpe, Func<string, string> normalise)
    {
        _path = path;
        _bpe = bpe;
        _normalise = normalise;
        _addedById = added.ToDictionary(token => token.Id);
        _addedByContent = added.ToDictionary(token => token.Content, StringComparer.Ordinal);
        _addedContents = SearchValues.Create([.. _addedByContent.Keys], StringComparison.Ordinal);
        var last = Math.Max(vocabulary.Max(token => token.Value), added.Select(token => token.Id).DefaultIfEmpty().Max());
        _tokens = new string?[last + 1];
        foreach (var (token, id) in vocabulary)
            _tokens[id] = token;
    }

    /// <value>One more than the largest id in use; checkpoints may pad their embedding beyond it.</value>
    public int VocabularySize => _tokens.Length;

    /// <value>The tokens outside the byte-pair vocabulary.</value>
    public IReadOnlyCollection<AddedToken> AddedTokens => _addedById.Values;

    /// <summary>
    /// Reads the tokenizer of a model folder: <c>tokenizer.json</c>, else
    /// <c>tiktoken.model</c> with the added tokens of <c>tokenizer_config.json</c>.
    /// </summary>
    /// <exception cref="StarKvException">There is neither, or a file is damaged or of another family.</exception>
    public static QwenTokenizer LoadFolder(string folder)
    {
        var (json, ranks) = (Path.Combine(folder, "tokenizer.json"), Path.Combine(folder, TiktokenFile.Name));
        return File.Exists(json) || !File.Exists(ranks) ? Load(json) : LoadTiktoken(folder);
    }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="tokenizerJsonPath">Path of a <c>tokenizer.json</c>.</param>
    /// <param name="lastAddedId">
    /// Added tokens with a larger id are left out; default: none. Lets a newer family member's file serve an older one.
    /// </param>
    /// <exception cref="StarKvException">The file is missing, damaged, or not a byte-level BPE of the Qwen2 family.</exception>
    public static QwenTokenizer Load(string tokenizerJsonPath, int lastAddedId = int.MaxValue)
    {
        var file = TokenizerFile.Read(tokenizerJsonPath);
        file.Added.RemoveAll(token => token.Id > lastAddedId);
        return CreateOrExplain(tokenizerJsonPath, () => new QwenTokenizer(
            tokenizerJsonPath, file.Vocabulary, file.Added,
            BpeTokenizer.Create(
                new BpeOptions(file.Vocabulary) { Merges = file.Merges, ByteLevel = true, PreTokenizer = new QwenPreTokenizer() }),
            Nfc.Normalize));
    }

    private static QwenTokenizer LoadTiktoken(string folder)
    {
        var file = TiktokenFile.Read(folder);
        return CreateOrExplain(file.Path, () => new QwenTokenizer(
            file.Path, file.Vocabulary, file.Added,
            TiktokenTokenizer.Create(new MemoryStream(file.Lines), new QwenPreTokenizer(), normalizer: null),
            WellFormed));

        // Bytes are joined as they come, without a normal form; half a surrogate pair has none.
        static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static QwenTokenizer CreateOrExplain(string path, Func<QwenTokenizer> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is ArgumentException
            or InvalidOperationException
            or FormatException
            or KeyNotFoundException
            or IndexOutOfRangeException)
        {
            throw new StarKvException($"{path} contradicts itself: {e.Message} Download the file again.", e);
        }
    }

    /// <summary>Refuses a tokenizer that gives ids which a model has no row for.</summary>
    /// <param name="rows">Rows of the model's embedding table, <c>vocab_size</c>.</param>
    /// <exception cref="StarKvException">It does.</exception>
    [Experimental("STARKV001")]
    public void CheckFits(int rows)
    {
        if (VocabularySize > rows)
            throw new StarKvException(
                $"{_path} gives ids up to {VocabularySize - 1}, but the config.json of the model has "
                    + $"a vocabulary of {rows:N0} tokens (vocab_size). Take both files of the same model.");
    }

    /// <summary>The words of a text, within which byte pairs are joined.</summary>
    /// <param name="text">Any text; it is taken as it is, without normalisation.</param>
    [Experimental("STARKV001")]
    public static IEnumerable<string> Words(string text) =>
        new QwenPreTokenizer().PreTokenize(text).Select(word => text.Substring(word.Offset, word.Length));

    /// <summary>Turns text into ids.</summary>
    /// <param name="text">Any text; unpaired surrogates count as U+FFFD.</param>
    /// <param name="controlTokens">
    /// False (default): all of it is text, so a user who types <c>&lt;|im_end|&gt;</c> ends no turn. True: added tokens are
    /// recognised, verbatim, the longest at each place.
    /// </param>
    public int[] Encode(string text, bool controlTokens = false)
    {
        var ids = new List<int>();
        foreach (var (run, added) in controlTokens ? Split(text) : [(text, null)])
        {
            if (added is null)
                ids.AddRange(_bpe.EncodeToIds(_normalise(run), considerNormalization: false));
            else
                ids.Add(added.Id);
        }

        return [.. ids];
    }

    /// <summary>
    /// The tokens [start, end) of an encoded text that hold some of its characters [start, end), control tokens not recognised.
    /// </summary>
    internal (int Start, int End) TokensOver(ReadOnlySpan<int> ids, string text, (int Start, int End) characters)
    {
        // By bytes: a token may end in the middle of a character.
        var (from, to) = (Bytes(text[..characters.Start]), Bytes(text[..characters.End]));
        var at = 0;
        var start = 0;
        var end = ids.Length;
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < ids.Length && at < to; i++)
        {
            bytes.ResetWrittenCount();
            WriteBytes(ids[i], skipSpecial: false, bytes);
            at += bytes.WrittenCount;
            if (at <= from)
                start = i + 1;
            end = i + 1;
        }

        return (start, end);

        int Bytes(string part) => Encoding.UTF8.GetByteCount(_normalise(part));
    }

    /// <summary>Turns ids into text; invalid UTF-8 becomes U+FFFD and ids without a token become nothing.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecial">True leaves out tokens marked special, such as the end of a turn; default false.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
            WriteBytes(id, skipSpecial, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The id of an added token.</summary>
    /// <param name="content">Its text, such as <c>&lt;|im_start|&gt;</c>.</param>
    /// <exception cref="StarKvException">The tokenizer has no such token.</exception>
    public int IdOf(string content) => _addedByContent.TryGetValue(content, out var token)
        ? token.Id
        : throw new StarKvException(
            $"The tokenizer {_path} has no token {content}, which the prompt "
                + $"needs; use the tokenizer files that belong to the checkpoint.");

    /// <summary>The added token with an id, or null when the id is a byte pair or unused.</summary>
    public AddedToken? AddedTokenOf(int id) => _addedById.GetValueOrDefault(id);

    /// <summary>Cuts text at its added tokens: in turn runs of plain text and tokens.</summary>
    internal IEnumerable<(string Text, AddedToken? Added)> Split(string text)
    {
        var start = 0;
        while (text.AsSpan(start).IndexOfAny(_addedContents) is var offset and >= 0)
        {
            if (offset > 0)
                yield return (text.Substring(start, offset), null);
            start += offset;
            var token = LongestAt(text, start);
            yield return (token.Content, token);
            start += token.Content.Length;
        }

        if (start < text.Length)
            yield return (text[start..], null);
    }

    /// <summary>Appends the UTF-8 bytes that <paramref name="id"/> stands for.</summary>
    internal void WriteBytes(int id, bool skipSpecial, IBufferWriter<byte> bytes)
    {
        if (_addedById.TryGetValue(id, out var added))
        {
            if (!skipSpecial || !added.Special)
                bytes.Write(Encoding.UTF8.GetBytes(added.Content));
        }
        else if (id >= 0 && id < _tokens.Length && _tokens[id] is { } token)
        {
            var span = bytes.GetSpan(token.Length);
            for (var i = 0; i < token.Length; i++)
                span[i] = (byte)ByteAlphabet.ByteOf(token[i]);
            bytes.Advance(token.Length);
        }
    }

    private AddedToken LongestAt(string text, int start) => _addedById.Values
        .Where(token => string.CompareOrdinal(text, start, token.Content, 0, token.Content.Length) == 0)
        .MaxBy(token => token.Content.Length)!;
}
