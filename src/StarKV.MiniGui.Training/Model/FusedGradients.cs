using StarKV.Kernels;
using StarKV.MiniGui.Training.Data;
using StarKV.Models;
using StarKV.Models.Layers;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Model;

/// <summary>The engine's operations of one pass over many tokens, and the one pass that their gradients take.</summary>
internal static class FusedGradients
{
    /// <summary>Rotates queries and keys where they lie; nothing else may need what was there before.</summary>
    /// <param name="heads">
    /// Queries, keys and values side by side, [rows, heads, d]: what a
    /// projection has just made, which needs only its input for its gradient.
    /// </param>
    /// <param name="rotated">How many of the heads are queries or keys; they stand first.</param>
    /// <param name="angles">Angles of the tokens, [tokens, d]; rows repeat the tokens.</param>
    public static Tensor Rotate(Tensor heads, long rotated, RotaryAngles angles)
    {
        return Differentiable.Of(heads, given => (Turned(given, angles.Sin).detach(), Back));

        Tensor Turned(Tensor all, Tensor sines)
        {
            FusedOps.Rotate(all.narrow(1, 0, rotated), angles.Cos, sines);
            return all;
        }

        // The way back turns the other way. This gradient comes from one place
        // alone, the attention's, so that it may change where it lies, too.
        Tensor Back(Tensor gradient) => Turned(gradient.contiguous(), angles.Sin.neg());
    }

    /// <summary>Attention inside packs.</summary>
    /// <param name="heads">Rotated queries, rotated keys and values of all tokens, [B · L, H + 2 G, d].</param>
    /// <param name="config">The decoder's, for H and G.</param>
    /// <param name="segments">Which tokens attend to which.</param>
    /// <returns>Shape [B · L, H · d].</returns>
    public static Tensor Attend(Tensor heads, TextConfig config, AttentionSegments segments)
    {
        object[] where =
        [
            config.Heads, config.KvHeads, segments.Bounds, segments.Longest, segments.Blocks, segments.BlockBounds, segments.LongestBlocks,
            segments.Prefix, segments.PrefixBounds, segments.LongestPrefix,
        ];
        return Differentiable.Of(heads, given =>
        {
            var (attended, sums, state, unused) = TrainingOps.CallFour("packed_attend", [given, .. where]);
            return (
                attended.flatten(1),
                gradient =>
                    TrainingOps.Call("packed_attend_gradient", [gradient.contiguous(), given, attended, sums, state, unused, .. where]));
        });
    }

    /// <summary>The gated product of an MLP: [..., W] of gate and up side by side, [..., 2 W].</summary>
    public static Tensor Gate(Tensor gateUp) =>
        Differentiable.Of(gateUp, given => (FusedOps.Gate(given), gradient => FusedOps.GateGradient(given, gradient.contiguous())));
}
