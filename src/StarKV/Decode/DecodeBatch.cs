using StarKV.Cache;
using StarKV.Models;
using StarKV.Prefill;
using static TorchSharp.torch;

namespace StarKV.Decode;

/// <summary>
/// Answers that are written side by side, each on its own cache at its own position: each weight is read once per token, not once per
/// answer.
/// </summary>
/// <remarks>
/// Answers join and leave between tokens. Numbers may differ from those of an answer that is written alone in the last bits, since other
/// shapes are
/// multiplied. Caches are not compressed during the answer. Not thread-safe: it belongs on the inference thread.
/// </remarks>
/// <param name="decoder">The text decoder.</param>
internal sealed class DecodeBatch(TextDecoder decoder)
{
    private readonly List<Member> _members = [];

    /// <summary>One answer: its cache, who writes it, the token to be read next and that token's position.</summary>
    private sealed record Member(KvCache Cache, AnswerWriter Writer, int Token, long Position);

    /// <summary>Answers that have not ended.</summary>
    public int Count => _members.Count;

    /// <summary>Takes in answers whose prompts are read; each gets its first token.</summary>
    /// <param name="prompts">Their caches, which grow by the answers, and first logits; borrowed.</param>
    /// <param name="writers">One per prompt; when an answer has ended, <see cref="AnswerWriter.Finished"/> has it.</param>
    public void Join(IReadOnlyList<PrefillResult> prompts, IReadOnlyList<AnswerWriter> writers)
    {
        using var scope = NewDisposeScope();
        var joining = prompts.Zip(writers, (p, w) => new Member(p.Cache, w, 0, p.NextPosition - 1));
        _members.AddRange(Next([.. joining], cat(prompts.Select(p => p.Logits).ToArray())));
    }

    /// <summary>Takes an answer out that is to be written no further.</summary>
    public void Leave(AnswerWriter writer) => _members.RemoveAll(m => ReferenceEquals(m.Writer, writer));

    /// <summary>Reads the pending token of every answer and gives each its next one; answers that end leave.</summary>
    /// <exception cref="InvalidOperationException">No answer is open.</exception>
    public void Step()
    {
        if (_members.Count == 0)
            throw new InvalidOperationException("No answer is open.");
        using var scope = NewDisposeScope();
        // Tokens and positions go to the device together: a copy waits for the card.
        var inputs = tensor(
            [.. _members.Select(m => (long)m.Token), .. _members.Select(m => m.Position)], ScalarType.Int64, decoder.Compute.Device);
        var hidden = decoder.Embed(inputs.narrow(0, 0, Count));
        var angles = decoder.Rotary.TextAngles(inputs.narrow(0, Count, Count), _members.Max(m => m.Position));
        decoder.StepTogether(hidden, angles, [.. _members.Select(m => m.Cache)]);
        var open = Next(_members, decoder.Logits(hidden));
        _members.Clear();
        _members.AddRange(open);
    }

    /// <summary>
    /// Members with their next token, without those whose answer has ended; the likeliest tokens come to the host together.
    /// </summary>
    private static List<Member> Next(IReadOnlyList<Member> members, Tensor logits)
    {
        var likeliest = members.Any(m => m.Writer.TakesLikeliest) ? logits.argmax(1).cpu().data<long>().ToArray() : [];
        var next = new List<Member>();
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            var token = member.Writer.TakesLikeliest
                ? member.Writer.Take((int)likeliest[i])
                : member.Writer.Next(logits.narrow(0, i, 1));
            if (token is { } read)
                next.Add(member with { Token = read, Position = member.Position + 1 });
        }

        return next;
    }
}
