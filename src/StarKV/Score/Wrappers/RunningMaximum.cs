using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score.Wrappers;

/// <summary>
/// Another method for a cache that lives over several steps: a row's score is the highest that it was given at any of them, so that what
/// one
/// step needed is not lost because the next one looks elsewhere.
/// </summary>
/// <remarks>
/// It remembers one number per row and list in the session's memory. In a prefill, and without a memory, it changes nothing.
/// </remarks>
/// <param name="method">The method.</param>
public sealed class RunningMaximum(ICompressionMethod method) : MethodWrapper(method)
{
    private static readonly LayerStateKind s_kind = LayerStateKind.Of<HighestScores>("highest-scores");

    /// <inheritdoc/>
    public override IReadOnlyList<LayerStateKind> States => [.. Inner.States, s_kind];

    /// <summary>The method's scores, of rows that an earlier step kept the highest so far.</summary>
    public override Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var scores = Inner.Score(observation, memory);
        var state = memory.For<HighestScores>(observation.Layer);
        var tokens = observation.TokenOfRow
            ?? arange(observation.Past + observation.Window, ScalarType.Int64, scores.device).unsqueeze(0);
        var past = tokens.narrow(1, 0, observation.Past);
        var kept = Math.Min(observation.KeptRows, observation.Past);
        if (kept > 0 && state.Of(past.narrow(1, 0, kept), (int)scores.shape[0]) is { } before)
            scores = cat([scores.narrow(1, 0, kept).maximum(before), scores.narrow(1, kept, observation.Past - kept)], 1);
        state.Note(past, scores);
        return scores;
    }
}

/// <summary>The highest score that each row of a layer was given, by its token.</summary>
internal sealed class HighestScores : ILayerState
{
    /// <summary>Tokens of the rows, ascending, [1 or lists, rows], int64; null before the first step.</summary>
    internal Tensor? Tokens { get; set; }

    /// <summary>Their scores, [lists, rows].</summary>
    internal Tensor? Scores { get; set; }

    /// <summary>The scores of tokens, [lists, n], −∞ where there is none; null before the first step and for other lists.</summary>
    public Tensor? Of(Tensor tokens, int lists)
    {
        if (Tokens is null || Scores is null || Tokens.shape[1] == 0 || Scores.shape[0] != lists)
            return null;
        var (known, asked) = (Tokens.expand(lists, -1).contiguous(), tokens.expand(lists, -1).contiguous());
        var at = searchsorted(known, asked).clamp_max(known.shape[1] - 1);
        return where(known.gather(1, at).eq(asked), Scores.gather(1, at), double.NegativeInfinity);
    }

    /// <summary>Takes the place of what was known.</summary>
    public void Note(Tensor tokens, Tensor scores) =>
        (Tokens, Scores) = (StarKvState.Keep(tokens.clone(), Tokens), StarKvState.Keep(scores.clone(), Scores));

    /// <inheritdoc/>
    public ILayerState Copy()
    {
        using var scope = NewDisposeScope();
        var (tokens, scores) = (Tokens?.clone(), Scores?.clone());
        return new HighestScores { Tokens = tokens?.DetachFromDisposeScope(), Scores = scores?.DetachFromDisposeScope() };
    }

    /// <inheritdoc/>
    public void Forget(int start, int end)
    {
        if (Tokens is null)
            return;
        using var scope = NewDisposeScope();
        // What has gone takes the number before, and comes after that token itself: the order stays, and the search finds the token.
        var gone = Tokens.ge(start).logical_and(Tokens.lt(end));
        Scores!.masked_fill_(gone.expand(Scores.shape[0], -1), double.NegativeInfinity);
        Tokens = StarKvState.Keep(where(Tokens.ge(end), Tokens - (end - start), Tokens.masked_fill(gone, start - 1)), Tokens);
    }

    /// <summary>The scores of the rows that are held: no other row's are asked for again.</summary>
    public bool Save(LayerStateContent content)
    {
        if (content.HeldTokens is not { } held || Scores is null || held.shape[0] > Scores.shape[0])
            return true;
        var scores = Of(held, (int)Scores.shape[0])?.to(ScalarType.Float32);
        content.Put("scores", scores);
        return true;
    }

    /// <inheritdoc/>
    public void Load(LayerStateContent content)
    {
        if (content.HeldTokens is not { } held || content.Take("scores", ScalarType.Float32, -1, held.shape[1]) is not { } scores)
            return;
        var lists = (int)scores.shape[0];
        if (lists != 1 && lists != content.KvHeads && lists != content.Heads || held.shape[0] != 1 && held.shape[0] != lists)
            throw new StarKvException($"there are scores of {lists} lists of rows, and the cache holds {held.shape[0]}.");
        Note(held, scores);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens?.Dispose();
        Scores?.Dispose();
    }
}
