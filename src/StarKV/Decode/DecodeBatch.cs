using StarKV.Cache;
using StarKV.Compact;
using StarKV.Models;
using StarKV.Prefill;
using static TorchSharp.torch;

namespace StarKV.Decode;

/// <summary>
/// Answers that are written side by side, each on its own cache at its own position: each weight is read once per token, not once per
/// answer.
/// </summary>
/// <remarks>
/// <para>Answers join and leave between tokens. Numbers may differ from those of an answer that is written alone in the last bits, since
/// other shapes are multiplied. An answer that compresses its own cache reads its tokens alone: its layers take the queries in.</para>
/// <para>What fails for one answer is its <see cref="AnswerWriter.Error"/>, and the others go on: where a token cannot be read side by
/// side, for lack of memory, each answer reads its own.</para>
/// <para>Not thread-safe: it belongs on the inference thread.</para>
/// </remarks>
/// <param name="decoder">The text decoder.</param>
internal sealed class DecodeBatch(TextDecoder decoder)
{
    private readonly List<Member> _members = [];

    /// <summary>One answer: its cache, who writes it, the token to be read next and that token's position.</summary>
    private sealed record Member(
        KvCache Cache, AnswerCompactor? Compactor, AnswerWriter Writer, int Token, long Position, CancellationToken Cancellation);

    /// <summary>What the members' next tokens are chosen from.</summary>
    private sealed record Choice(Tensor Logits, long[] Likeliest);

    /// <summary>Answers that have not ended.</summary>
    public int Count => _members.Count;

    /// <summary>Takes in answers whose prompts are read; each gets its first token.</summary>
    /// <param name="prompts">Their caches, which grow by the answers, and first logits; borrowed.</param>
    /// <param name="writers">One per prompt; when an answer has ended, <see cref="AnswerWriter.Finished"/> has it.</param>
    /// <param name="cancellation">Ends compressions during these answers within a layer.</param>
    public void Join(
        IReadOnlyList<PrefillResult> prompts, IReadOnlyList<AnswerWriter> writers, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var joining = prompts.Zip(
            writers, (p, w) => new Member(p.Cache, p.AnswerCompactor, w, 0, p.NextPosition - 1, cancellation));
        _members.AddRange(Next([.. joining], Chosen([.. joining], cat(prompts.Select(p => p.Logits).ToArray()))));
    }

    /// <summary>Takes an answer out that is to be written no further.</summary>
    public void Leave(AnswerWriter writer) => _members.RemoveAll(m => ReferenceEquals(m.Writer, writer));

    /// <summary>Reads the pending token of every answer and gives each its next one; answers that end leave.</summary>
    /// <exception cref="InvalidOperationException">No answer is open.</exception>
    public void Step()
    {
        if (_members.Count == 0)
            throw new InvalidOperationException("No answer is open.");
        var alone = _members.Where(m => m.Compactor is not null).Select(m => new[] { m });
        var together = _members.Where(m => m.Compactor is null).ToArray();
        IReadOnlyList<Member>[] parts = together.Length > 0 ? [together, .. alone] : [.. alone];
        var open = parts.SelectMany(Advance).ToHashSet(ReferenceEqualityComparer.Instance);
        // Whoever left meanwhile, inside a callback, has left.
        _members.RemoveAll(m => !open.Contains(m.Writer));
    }

    /// <summary>Gives each of some members its next token; the writers of those that go on.</summary>
    private IEnumerable<AnswerWriter> Advance(IReadOnlyList<Member> members)
    {
        using var scope = NewDisposeScope();
        var lengths = members.Select(m => m.Cache.Layers.Select(l => l.Length).ToArray()).ToArray();
        Choice choice;
        try
        {
            choice = Chosen(members, Read(members));
        }
        catch (Exception e)
        {
            foreach (var (member, held) in members.Zip(lengths))
            {
                foreach (var (layer, length) in member.Cache.Layers.Zip(held))
                    layer.TakeBack(length);
            }

            if (members.Count > 1)
                return [.. members.SelectMany(m => Advance([m]))];
            members[0].Writer.Fail(e);
            return [];
        }

        var next = Next(members, choice);
        foreach (var member in next)
        {
            var index = _members.FindIndex(m => ReferenceEquals(m.Writer, member.Writer));
            if (index >= 0)
                _members[index] = member;
        }

        return next.Select(m => m.Writer);
    }

    /// <summary>Reads one token of each member: the logits after it, [members, vocabulary].</summary>
    private Tensor Read(IReadOnlyList<Member> members)
    {
        // Tokens and positions go to the device together: a copy waits for the card.
        var (count, device) = (members.Count, decoder.Compute.Device);
        var inputs = tensor([.. members.Select(m => (long)m.Token), .. members.Select(m => m.Position)], ScalarType.Int64, device);
        var hidden = decoder.Embed(inputs.narrow(0, 0, count));
        var angles = decoder.Rotary.TextAngles(inputs.narrow(0, count, count), members.Max(m => m.Position));
        decoder.StepTogether(hidden, angles, [.. members.Select(m => m.Cache)]);
        return decoder.Logits(hidden);
    }

    /// <summary>Logits, and the likeliest tokens where somebody takes them, which come to the host together.</summary>
    private static Choice Chosen(IReadOnlyList<Member> members, Tensor logits) =>
        new(logits, members.Any(m => m.Writer.TakesLikeliest) ? logits.argmax(1).cpu().data<long>().ToArray() : []);

    /// <summary>Members with their next token, without those whose answer has ended.</summary>
    private static List<Member> Next(IReadOnlyList<Member> members, Choice choice)
    {
        var next = new List<Member>();
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            try
            {
                // The first token is named by the prompt's logits; every later one was read before.
                if (member.Writer.Count > 0)
                    member.Compactor?.OnTokenWritten(member.Writer.Count, member.Cancellation);
                var token = member.Writer.TakesLikeliest
                    ? member.Writer.Take((int)choice.Likeliest[i])
                    : member.Writer.Next(choice.Logits.narrow(0, i, 1));
                if (token is { } read)
                    next.Add(member with { Token = read, Position = member.Position + 1 });
            }
            catch (Exception e)
            {
                member.Writer.Fail(e);
            }
        }

        return next;
    }
}
