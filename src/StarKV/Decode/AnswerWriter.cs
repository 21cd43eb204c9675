using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Decode;

/// <summary>One answer while it is written: takes logits, names the next token, and knows when the answer has ended.</summary>
/// <param name="sampler">Chooses tokens; borrowed.</param>
/// <param name="options">Length and stop strings.</param>
/// <param name="isEnd">True for the tokens that end an answer.</param>
/// <param name="text">Turns tokens into text; null when no caller reads it.</param>
/// <param name="onText">Called with each new piece of text; pieces that may become a stop string are held back.</param>
internal sealed class AnswerWriter(
    Sampler sampler, GenerationOptions options, Predicate<int> isEnd, StreamingDecoder? text, Action<string>? onText)
{
    private readonly StopStrings _stops = new(options.StopStrings, onText);
    private readonly List<int> _tokens = [];

    /// <summary>Tokens so far.</summary>
    public int Count => _tokens.Count;

    /// <summary>The answer; null until it has ended.</summary>
    public Generation? Finished { get; private set; }

    /// <summary>Why there will be no answer; null when nothing failed.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Whether there is an answer, or an error in its place.</summary>
    public bool HasEnded => Finished is not null || Error is not null;

    /// <summary>Ends the answer with an error, which harms no other one.</summary>
    public void Fail(Exception error) => Error ??= error;

    /// <summary>The next token, which the model must read; null when the answer has ended.</summary>
    /// <param name="logits">[1, vocabulary], float32.</param>
    public int? Next(Tensor logits) => Take(sampler.Next(logits));

    /// <summary>True when the likeliest token is always taken.</summary>
    public bool TakesLikeliest => sampler.TakesLikeliest;

    /// <summary>Takes a token that was chosen; the token that the model must read, null when the answer has ended.</summary>
    public int? Take(int token)
    {
        if (isEnd(token))
            return End(FinishReason.Stop);
        _tokens.Add(token);
        if (text is not null && _stops.Push(text.Push(token)))
            return EndAtStop();
        return _tokens.Count < options.MaxNewTokens ? token : End(FinishReason.Length);
    }

    private int? End(FinishReason reason)
    {
        if (text is not null && _stops.Push(text.Finish()))
            return EndAtStop();
        Finished = new Generation(_tokens, _stops.Finish(), reason);
        return null;
    }

    private int? EndAtStop()
    {
        Finished = new Generation(_tokens, _stops.Text, FinishReason.Stop);
        return null;
    }
}
