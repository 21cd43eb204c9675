using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>A layer whose attention can be worked out on paper: a key of weight w draws w times the attention of one of weight 1.</summary>
internal static class ExactLayer
{
    public const int Dim = 4;

    /// <summary>The layer, owned by the open dispose scope. A query of exponent e attends to its keys in proportion to wᵉ: with 0 to all alike.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="shared">Tensors shared by the layers.</param>
    /// <param name="weights">Weights of the keys of each key/value head.</param>
    /// <param name="exponents">The exponent of each query head.</param>
    public static LayerInput Of(TokenMap prompt, PromptTensors shared, float[][] weights, params float[] exponents)
    {
        var keys = zeros(weights.Length, prompt.Length, Dim);
        keys[TensorIndex.Colon, TensorIndex.Colon, 0] = stack(weights.Select(w => tensor(w))).log();
        // The logits are q·k / √d: √d undoes the division.
        var queries = zeros(exponents.Length, prompt.Length, Dim);
        queries[TensorIndex.Colon, TensorIndex.Colon, 0] = tensor(exponents).unsqueeze(1) * Math.Sqrt(Dim);
        var norms = zeros(prompt.Length, 1);
        return new LayerInput(queries, keys, zeros_like(keys), new TokenNorms(norms, norms), prompt, shared, 0);
    }

    /// <summary>Asserts that a tensor holds these numbers, row by row, within 1e-5 of the largest.</summary>
    public static void Holds(Tensor actual, params double[][] rows)
    {
        Assert.Equal([rows.Length, rows[0].Length], actual.shape);
        var (wanted, found) = (rows.SelectMany(r => r).ToArray(), actual.to(ScalarType.Float64).contiguous().data<double>().ToArray());
        var tolerance = 1e-5 * Math.Max(1e-3, wanted.Max(Math.Abs));
        Assert.All(wanted.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
