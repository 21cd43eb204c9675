using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>Rotated queries, rotated keys and values of some tokens, side by side in one tensor.</summary>
/// <param name="All">All heads, [rows, H + 2 G, d]; rows after the tokens are those of branches, or zero.</param>
/// <param name="QueryHeads">Query heads H.</param>
/// <param name="KvHeads">Key/value heads G.</param>
/// <param name="Tokens">Tokens L, at most the rows.</param>
internal sealed record ProjectedHeads(Tensor All, int QueryHeads, int KvHeads, long Tokens)
{
    /// <summary>The queries, [H, L, d]: a view.</summary>
    public Tensor Queries => Heads(0, QueryHeads);

    /// <summary>The keys, [G, L, d]: a view.</summary>
    public Tensor Keys => Heads(QueryHeads, KvHeads);

    /// <summary>The values, [G, L, d]: a view.</summary>
    public Tensor Values => Heads(QueryHeads + KvHeads, KvHeads);

    /// <summary>All three views.</summary>
    public void Deconstruct(out Tensor queries, out Tensor keys, out Tensor values) => (queries, keys, values) = (Queries, Keys, Values);

    /// <summary>The heads of tokens that follow these.</summary>
    /// <param name="count">How many.</param>
    public ProjectedHeads Next(int count) => this with { All = All.narrow(0, Tokens, count), Tokens = count };

    private Tensor Heads(int first, int count) => All.narrow(0, 0, Tokens).narrow(1, first, count).transpose(0, 1);
}
