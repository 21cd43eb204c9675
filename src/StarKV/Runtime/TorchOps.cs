using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Runtime;

/// <summary>The TorchScript operations of <c>TorchOps.py</c>, compiled once per process.</summary>
/// <remarks>Shapes: B batch, L tokens, T keys, H query heads, G key/value heads, d head dimension, D hidden size.</remarks>
[Experimental("STARKV001")]
public static class TorchOps
{
    /// <summary>Where they are written; other units may build on them.</summary>
    public static readonly (string Resource, Type Owner) Source = ("StarKV.Runtime.TorchOps.py", typeof(TorchOps));

    private static readonly ScriptUnit s_unit = new(Source);

    /// <summary>Compiles the operations now rather than at their first use.</summary>
    internal static void WarmUp() => s_unit.Compile();

    /// <summary>Calls <paramref name="name"/>, which returns one tensor.</summary>
    public static Tensor Call(string name, params object[] arguments) => (Tensor)s_unit.Invoke(name, arguments);

    /// <summary>Root-mean-square norm over the last dimension: computed in float32, scaled by <paramref name="weight"/>.</summary>
    public static Tensor RmsNorm(Tensor x, Tensor weight, double eps) => Call("rms_norm", x, weight, eps);

    /// <summary>x · weightᵀ + bias, in one pass.</summary>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor bias) => Call("linear", x, weight, bias);

    /// <summary>
    /// One decoder layer's heads before their rotation, [rows, heads, d] with zeros after the first L, and the attention's normalised
    /// input, [L, D], for x [L, D]; an empty bias adds nothing.
    /// </summary>
    internal static (Tensor Heads, Tensor Inputs) DecoderProject(
        Tensor x, Tensor norm, Tensor qkv, Tensor qkvBias, int heads, long rows, double eps)
    {
        var result = ((Tensor, Tensor))s_unit.Invoke("decoder_project", x, norm, qkv, qkvBias, heads, rows, eps);
        return result;
    }

    /// <summary>
    /// What the tokens of branches take from the values they attend to, [m, H · d], and the logarithms of their sums of exponentials,
    /// [S, n · m], float32.
    /// </summary>
    internal static (Tensor Taken, Tensor LogSums) BranchAttend(
        Tensor queries, Tensor keys, Tensor values, Tensor ownKeys, Tensor ownValues, Tensor hidden) =>
        ((Tensor, Tensor))s_unit.Invoke("branch_attend", queries, keys, values, ownKeys, ownValues, hidden);

    /// <summary>
    /// What queries [H, R, d] take from a part of the values [S, T, d], [R, H, d], and the logarithms of their sums of exponentials,
    /// [H, R], float32.
    /// </summary>
    /// <param name="queries">The queries.</param>
    /// <param name="keys">The part's keys, [S, T, d].</param>
    /// <param name="values">The part's values.</param>
    /// <param name="causal">Whether the last query sees all keys, the one before it all but the last; else each sees all.</param>
    /// <param name="planned">Whether cuDNN is to do it; then not causal.</param>
    internal static (Tensor Taken, Tensor LogSums) AttendPart(Tensor queries, Tensor keys, Tensor values, bool causal, bool planned) =>
        ((Tensor, Tensor))s_unit.Invoke("attend_part", queries, keys, values, causal, planned);

    /// <summary>Attention of the last W queries [H, W, d] over keys [G, L, d], summed over the queries: [H, L − W], float32.</summary>
    /// <remarks>
    /// SnapKV, arXiv 2404.14469, before pooling: softmax in float32 over all keys, causal inside the window, rounded to the model's type.
    /// </remarks>
    internal static Tensor WindowAttention(Tensor queries, Tensor keys) =>
        Call("window_attention", queries, keys, (int)keys.shape[0]);
}
