using System.Diagnostics.CodeAnalysis;
using StarKV.Models;
using StarKV.Models.Layers;
using StarKV.Prefill;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Decode;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it, or a stop string did.</summary>
    Stop,

    /// <summary>It reached the longest length.</summary>
    Length,
}

/// <summary>A finished answer.</summary>
/// <param name="Tokens">Its tokens, without the end token.</param>
/// <param name="Text">Its text, without a stop string.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record Generation(IReadOnlyList<int> Tokens, string Text, FinishReason Finish)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Text} ({ListText.Count(Tokens.Count, "token")}, {Finish})";
}

/// <summary>Writes an answer token by token on a compressed cache.</summary>
/// <param name="decoder">The text decoder.</param>
[Experimental("STARKV001")]
public sealed class TokenLoop(TextDecoder decoder)
{
    /// <summary>Writes the answer.</summary>
    /// <param name="prefill">The prompt's cache, which grows by the answer, and the first logits.</param>
    /// <param name="sampler">Chooses tokens.</param>
    /// <param name="options">Longest length and stop strings.</param>
    /// <param name="isEnd">Tells end tokens.</param>
    /// <param name="text">Turns tokens into text; null when only tokens are wanted.</param>
    /// <param name="onText">Called with each new piece of text; pieces that may become a stop string are held back.</param>
    /// <param name="onLogits">Called with the logits of every step, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every token.</param>
    public Generation Run(
        PrefillResult prefill, Sampler sampler, GenerationOptions options, Predicate<int> isEnd, StreamingDecoder? text,
        Action<string>? onText = null, Action<Tensor>? onLogits = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var angles = decoder.Rotary.TextAngles(prefill.NextPosition, options.MaxNewTokens);
        var writer = new AnswerWriter(sampler, options, isEnd, text, onText);
        var logits = prefill.Logits;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            onLogits?.Invoke(logits);
            if (writer.Next(logits) is not { } token)
                return writer.Finished!;
            logits = Step(token, angles.Row(writer.Count - 1), prefill, logits);
            prefill.AnswerCompactor?.OnTokenWritten(writer.Count, cancellation);
        }
    }

    private Tensor Step(int token, RotaryAngles angles, PrefillResult prefill, Tensor previous)
    {
        using var scope = NewDisposeScope();
        var hidden = decoder.Embed(tensor(new long[] { token }).to(decoder.Compute.Device));
        decoder.Step(hidden, angles, prefill.Cache);
        var logits = decoder.Logits(hidden);
        angles.Cos.Dispose();
        angles.Sin.Dispose();
        if (!ReferenceEquals(previous, prefill.Logits))
            previous.Dispose();
        return logits.MoveToOuterDisposeScope();
    }
}
