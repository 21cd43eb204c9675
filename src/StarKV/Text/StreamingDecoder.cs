using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StarKV.Text;

/// <summary>Turns ids into text as they are generated; a character is given out only when all its bytes are there.</summary>
/// <param name="tokenizer">The tokenizer that the ids belong to.</param>
/// <param name="skipSpecial">True (default) leaves out tokens marked special.</param>
/// <remarks>
/// The pieces together equal <see cref="QwenTokenizer.Decode"/> of all ids. Not thread-safe: one object serves one answer.
/// </remarks>
[Experimental("STARKV001")]
public sealed class StreamingDecoder(QwenTokenizer tokenizer, bool skipSpecial = true)
{
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Takes the next id and returns the text that is complete now; empty inside a character.</summary>
    public string Push(int id)
    {
        _bytes.ResetWrittenCount();
        tokenizer.WriteBytes(id, skipSpecial, _bytes);
        return Read(flush: false);
    }

    /// <summary>Ends the answer: returns U+FFFD for a character left unfinished, else the empty text.</summary>
    public string Finish()
    {
        _bytes.ResetWrittenCount();
        return Read(flush: true);
    }

    private string Read(bool flush)
    {
        var bytes = _bytes.WrittenSpan;
        var chars = new char[_utf8.GetCharCount(bytes, flush)];
        return new string(chars, 0, _utf8.GetChars(bytes, chars, flush));
    }
}
