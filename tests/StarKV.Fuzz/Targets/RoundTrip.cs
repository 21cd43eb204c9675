using StarKV.Fuzz.Run;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>What a tokenizer that was read must be able to do.</summary>
internal static class RoundTrip
{
    private const string Sample = "Action: click(start_box='(41,311)') 12 ä日😀\n\t<|im_end|>";

    /// <summary>Encodes a text and decodes it, at once and token by token.</summary>
    public static string Of(QwenTokenizer tokenizer)
    {
        var ids = tokenizer.Encode(Sample);
        var text = tokenizer.Decode(ids);
        BrokenPromiseException.Unless(ids.All(id => id >= 0 && id < tokenizer.VocabularySize), "an id lies outside of the vocabulary");
        // An added token may take an id of a byte pair, so that its text comes back instead; else every byte returns.
        var streamed = new StreamingDecoder(tokenizer, skipSpecial: false);
        BrokenPromiseException.Unless(string.Concat(ids.Select(streamed.Push)) + streamed.Finish() == text, "the pieces of a streamed answer are not the whole");
        var controlled = tokenizer.Encode(Sample, controlTokens: true);
        _ = tokenizer.Decode([.. controlled, -1, int.MaxValue], skipSpecial: true);
        return $"{text == Sample} {ids.Length} {controlled.Length} {tokenizer.AddedTokens.Count}";
    }
}
