using StarKV.Compact;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>
/// The tokens of all branches of a reading, which go along behind the prompt's: each branch stands at the answer's positions, and sees the
/// prompt and itself.
/// </summary>
/// <remarks>One that several caches ask for is read once. Shapes: m tokens of all branches.</remarks>
internal sealed class BranchTokens
{
    private readonly List<(IReadOnlyList<int> Ids, int Start)> _branches = [];
    private readonly List<IReadOnlyList<(int Start, int End)>> _spans = [];

    /// <summary>Collects the branches of a reading's caches.</summary>
    /// <exception cref="StarKvException">A method asks for branches, and its compression does not have their tokens.</exception>
    public BranchTokens(IReadOnlyList<Compression> compressions)
    {
        foreach (var compression in compressions)
            _spans.Add([.. compression.BranchesToRead.Select(Add).Distinct().Order()]);
    }

    /// <summary>Tokens of all branches, m.</summary>
    public int Count { get; private set; }

    /// <summary>Their ids, [m].</summary>
    public IEnumerable<long> Ids => _branches.SelectMany(b => b.Ids).Select(id => (long)id);

    /// <summary>Their rotary positions after those of the prompt's tokens from one on, [3, tokens + m], on the host.</summary>
    /// <param name="prompt">The prompt's positions.</param>
    /// <param name="first">The first token of the prompt that is read.</param>
    public long[] Positions(MRopePositions prompt, int first)
    {
        var own = _branches.SelectMany(b => Enumerable.Range(0, b.Ids.Count).Select(i => prompt.NextPosition + i)).ToArray();
        return [.. prompt.Time[first..], .. own, .. prompt.Height[first..], .. own, .. prompt.Width[first..], .. own];
    }

    /// <summary>The branches of a cache among the tokens, [start, end) each; empty where it has none.</summary>
    /// <param name="cache">The compression's number.</param>
    public IReadOnlyList<(int Start, int End)> Of(int cache) => _spans[cache];

    /// <summary>Numbers that hide from each token those of other branches and later ones, [m, m].</summary>
    /// <param name="shared">Tensors shared by the layers.</param>
    public Tensor Mask(PromptTensors shared) => shared.GetOrAdd(this, () => tensor(Hidden()).view(Count, Count));

    private (int Start, int End) Add(IReadOnlyList<int> ids)
    {
        var known = _branches.FindIndex(b => b.Ids.SequenceEqual(ids));
        if (known < 0)
        {
            known = _branches.Count;
            _branches.Add((ids, Count));
            Count += ids.Count;
        }

        return (_branches[known].Start, _branches[known].Start + ids.Count);
    }

    /// <summary>−∞ where a token must not see another one, else 0, [m, m].</summary>
    private float[] Hidden()
    {
        var hidden = new float[Count * Count];
        Array.Fill(hidden, float.NegativeInfinity);
        foreach (var (ids, start) in _branches)
        {
            for (var i = 0; i < ids.Count; i++)
                hidden.AsSpan((start + i) * Count + start, i + 1).Clear();
        }

        return hidden;
    }
}
