using System.Diagnostics.CodeAnalysis;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Passes over many tokens that would be several operations: one kernel each on a card, plain operations elsewhere.</summary>
[Experimental("STARKV001")]
public static class FusedOps
{
    /// <summary>Whether a tensor's card has the kernels.</summary>
    public static bool RunOn(Tensor tensor) => CudaKernels.For(tensor) is not null;

    /// <summary>The gated product of an MLP, silu(gate) · up.</summary>
    /// <param name="gateUp">Gate and up next to each other, [..., 2 W].</param>
    /// <returns>Shape [..., W].</returns>
    public static Tensor Gate(Tensor gateUp)
    {
        var width = gateUp.shape[^1] / 2;
        if (width % FusedKernels.VectorWidth != 0 || !gateUp.is_contiguous() || CudaKernels.For(gateUp) is not { } kernels)
            return TorchOps.Call("gate", gateUp);
        var shape = gateUp.shape;
        shape[^1] = width;
        var gated = empty(shape, gateUp.dtype, gateUp.device);
        FusedKernels.Gate(kernels, gateUp, gated, gated.NumberOfElements / width, (int)width);
        return gated;
    }

    /// <summary>The gradient of <see cref="Gate"/>.</summary>
    /// <param name="gateUp">Gate and up next to each other, [..., 2 W].</param>
    /// <param name="gradient">The gated product's gradient, [..., W].</param>
    /// <returns>That of gate and up, [..., 2 W].</returns>
    public static Tensor GateGradient(Tensor gateUp, Tensor gradient)
    {
        var width = gradient.shape[^1];
        if (width % FusedKernels.VectorWidth != 0 || !gateUp.is_contiguous() || !gradient.is_contiguous()
            || CudaKernels.For(gateUp) is not { } kernels)
            return TorchOps.Call("gate_gradient", gateUp, gradient);
        var result = empty_like(gateUp);
        FusedKernels.GateGradient(kernels, gateUp, gradient, result, gradient.NumberOfElements / width, (int)width);
        return result;
    }

    /// <summary>Rotates heads where they lie.</summary>
    /// <param name="x">Heads of tokens one after the other, [rows, heads, d]: a view whose rows may lie apart.</param>
    /// <param name="cosines">Cosines of each token, [tokens, d], in the model's type or float32; rows repeat the tokens.</param>
    /// <param name="sines">Sines, negative in the first half of the channels.</param>
    public static void Rotate(Tensor x, Tensor cosines, Tensor sines)
    {
        var (rows, heads, dim, tokens) = (x.shape[0], x.shape[1], x.shape[2], cosines.shape[0]);
        if (dim % (2 * FusedKernels.VectorWidth) == 0 && x.stride(0) % FusedKernels.VectorWidth == 0 && x.stride(1) == dim
            && CudaKernels.For(x) is { } kernels)
        {
            FusedKernels.Rotate(kernels, x, cosines, sines, rows, x.stride(0), (int)tokens, (int)heads, (int)dim);
            return;
        }

        using var scope = NewDisposeScope();
        TorchOps.Call("rotate_in_place", x.unflatten(0, [rows / tokens, tokens]), cosines.unsqueeze(1), sines.unsqueeze(1));
    }

    /// <summary>Root-mean-square norms of heads where they lie: queries with one weight, the keys after them with another.</summary>
    /// <param name="x">Query and key heads of tokens, [L, H + G, d]: a view whose rows may lie apart.</param>
    /// <param name="query">The queries' weight, [d].</param>
    /// <param name="key">The keys' weight, [d].</param>
    /// <param name="heads">Query heads H.</param>
    /// <param name="eps">The norms' eps.</param>
    internal static void NormHeads(Tensor x, Tensor query, Tensor key, int heads, double eps)
    {
        if (FusedKernels.TakeNormHeads(x.shape[2]) && x.stride(0) % FusedKernels.VectorWidth == 0 && x.stride(1) == x.shape[2]
            && CudaKernels.For(x) is { } kernels)
        {
            FusedKernels.NormHeads(
                kernels, x, query, key, x.shape[0], x.stride(0), heads, (int)x.shape[1], (int)x.shape[2], (float)eps);
            return;
        }

        using var scope = NewDisposeScope();
        TorchOps.Call("norm_heads", x, query, key, heads, eps);
    }

    /// <summary>Adds to a residual stream, in place, and gives its root-mean-square norm.</summary>
    /// <param name="x">The stream, [..., D].</param>
    /// <param name="y">What is added, [..., D].</param>
    /// <param name="weight">The norm's weight, [D].</param>
    /// <param name="eps">The norm's eps.</param>
    internal static Tensor AddNorm(Tensor x, Tensor y, Tensor weight, double eps)
    {
        var dim = x.shape[^1];
        if (dim % FusedKernels.VectorWidth != 0 || dim > FusedKernels.MaxNormed || !x.is_contiguous() || !y.is_contiguous()
            || CudaKernels.For(x) is not { } kernels)
            return TorchOps.Call("add_norm", x, y, weight, eps);
        var normed = empty_like(x);
        FusedKernels.AddNorm(kernels, x, y, weight, normed, x.NumberOfElements / dim, (int)dim, (float)eps);
        return normed;
    }
}
