using StarKV.Cache;
using StarKV.Models.Qwen25Vl;
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
            prefill.Answer?.OnTokenWritten(writer.Count, cancellation);
        }
    }

    /// <summary>Writes the answers of several caches of one prompt side by side: each weight is read once a token, not once an answer.</summary>
    /// <remarks>Numbers may differ from those of <see cref="Run"/> in the last bits, since other shapes are multiplied.</remarks>
    /// <param name="prefills">The caches, which grow by their answers; none is compressed during the answer.</param>
    /// <param name="writers">One for each cache; their answers are finished afterwards.</param>
    /// <param name="maxNewTokens">Longest answer in tokens.</param>
    /// <param name="cancellation">Checked before every token.</param>
    internal void RunTogether(IReadOnlyList<PrefillResult> prefills, IReadOnlyList<AnswerWriter> writers, int maxNewTokens, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var angles = decoder.Rotary.TextAngles(prefills[0].NextPosition, maxNewTokens);
        var open = Next([.. prefills.Zip(writers, (p, w) => (p.Cache, w, 0))], cat(prefills.Select(p => p.Logits).ToArray()));
        for (var step = 0; open.Count > 0; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var token = NewDisposeScope();
            var hidden = decoder.Embed(tensor(open.Select(a => (long)a.Token).ToArray()).to(decoder.Compute.Device));
            decoder.StepTogether(hidden, angles.Row(step), [.. open.Select(a => a.Cache)]);
            open = Next(open, decoder.Logits(hidden));
        }
    }

    /// <summary>Each writer's next token, without those whose answer has ended; the likeliest tokens come to the host together.</summary>
    private static List<(KvCache Cache, AnswerWriter Writer, int Token)> Next(List<(KvCache Cache, AnswerWriter Writer, int Token)> open, Tensor logits)
    {
        using var scope = NewDisposeScope();
        var likeliest = open.Any(a => a.Writer.TakesLikeliest) ? logits.argmax(1).cpu().data<long>().ToArray() : [];
        var next = new List<(KvCache Cache, AnswerWriter Writer, int Token)>();
        for (var i = 0; i < open.Count; i++)
        {
            var (cache, writer, _) = open[i];
            if ((writer.TakesLikeliest ? writer.Take((int)likeliest[i]) : writer.Next(logits.narrow(0, i, 1))) is { } token)
                next.Add((cache, writer, token));
        }

        return next;
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
