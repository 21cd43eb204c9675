using System.Text;
using StarKV.Decode;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>Any text: brought to NFC, encoded, decoded as it streams, cut at stop strings.</summary>
internal sealed class TextTarget : IFuzzTarget
{
    private readonly QwenTokenizer _tokenizer = QwenTokenizer.Load(RepositoryFiles.Path("models", "mini", "tokenizer.json"));

    public string Name => "text";

    public bool TakesEverything => true;

    public int InputsARound => 6_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfText(
        "e\u0301", "\u1100\u1161\u11a8", "\uac00", "\u0344", "\u0958", "\ufb1d", "\u0300\u0301\u0327", "\U0001d15e", "\U0002f800", "\ufeff", "<|im_end|>", "<|im_start|>", "Action:", "'ll", "'ſ", "\r\n", "  ", "１２", "\u0000", "stop");

    public IEnumerable<byte[]> Seeds() =>
        [Encoding.UTF8.GetBytes("Press \"Tools\" — it's 12 ä日本語 한글 e\u0301 😀\r\n\tDone. stop"), Encoding.UTF8.GetBytes("한글\u1100\u1161\u11a8 \u0344\u0958"), .. AnswerTexts.UiTars().Take(8)];

    public string Run(byte[] input)
    {
        // Halves of surrogate pairs too: text comes from callers, not from files alone.
        var text = Encoding.UTF8.GetString(input).Replace('\ufffd', input.Length % 2 == 0 ? '\ud83d' : '\ude00');
        var normal = Nfc.Normalize(text);
        BrokenPromiseException.Unless(Nfc.Normalize(normal) == normal, "NFC of NFC is another text");
        var words = new QwenPreTokenizer().PreTokenize(normal).ToList();
        BrokenPromiseException.Unless(words.Sum(w => w.Length) == normal.Length && words.TrueForAll(w => w.Length > 0), "the words are not the whole text");
        var ids = _tokenizer.Encode(text);
        var decoded = _tokenizer.Decode(ids);
        BrokenPromiseException.Unless(decoded == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(normal)), "the text does not come back");
        Stopped(ids, decoded);
        _ = _tokenizer.Encode(text, controlTokens: true);
        return $"{normal == text} {words.Count > 1} {Math.ILogB(ids.Length + 1)}";
    }

    private void Stopped(int[] ids, string whole)
    {
        string[] stops = ["stop", "\n\n", "):"];
        var (passed, decoder) = (new StringBuilder(), new StreamingDecoder(_tokenizer, skipSpecial: false));
        var writer = new StopStrings(stops, piece => passed.Append(piece));
        var ended = ids.Any(id => writer.Push(decoder.Push(id)));
        var text = ended ? writer.Text : writer.Push(decoder.Finish()) ? writer.Text : writer.Finish();
        var end = stops.Select(s => whole.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(whole.Length).Min();
        BrokenPromiseException.Unless(text == passed.ToString(), "what was passed on is not the answer");
        BrokenPromiseException.Unless(text.Length <= end && whole.StartsWith(text, StringComparison.Ordinal), "the answer goes on behind a stop string");
    }
}
