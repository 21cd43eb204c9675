using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// Attention by cuDNN: on recent cards up to twice as fast as the flash kernel, but planned again, in some 40 ms, for each shape.
/// Thread-safe. Plain twins: <c>decoder_attend</c> and <c>vision_attend</c>.
/// </summary>
internal static class CudnnAttention
{
    /// <summary>Prompts of this length on; shorter ones gain less than their plans cost.</summary>
    private const int MinTokens = 4096;

    /// <summary>Prompts and new tokens are lengthened to a multiple of this, so that few plans serve all.</summary>
    private const int Multiple = 256;

    private const string Prompt = "decoder_attend_planned";

    private const string Screens = "vision_attend_planned";

    /// <summary>Cards, and the operations for which they have no plan.</summary>
    private static readonly ConcurrentDictionary<(int Card, string Operation), bool> s_withoutPlan = new();

    /// <summary>Rows that heads are to have: more than their tokens where cuDNN may attend, to a prompt or to earlier rows.</summary>
    /// <param name="hidden">The residual stream, [L, D].</param>
    public static long Rows(Tensor hidden)
    {
        var tokens = hidden.shape[0];
        return tokens >= PartedAttention.MinNewTokens && IsUsed(hidden) ? (tokens + Multiple - 1) / Multiple * Multiple : tokens;
    }

    /// <summary>Causal attention of a whole long prompt over itself, [L, H·d]; null where another kernel is to do it.</summary>
    /// <param name="all">Rotated queries, rotated keys and values, [rows, H + 2 G, d], as many rows as <see cref="Rows"/> wants.</param>
    /// <param name="heads">Query heads H.</param>
    /// <param name="kvHeads">Key/value heads G.</param>
    /// <param name="tokens">Tokens of the prompt.</param>
    public static Tensor? OfPrompt(Tensor all, int heads, int kvHeads, long tokens) =>
        tokens >= MinTokens && IsUsed(all) ? Try(all.device_index, Prompt, () => TorchOps.Call(Prompt, all, heads, kvHeads, tokens)) : null;

    /// <summary>Attention inside whole screenshots, [B, N, H·d]; null where another kernel is to do it.</summary>
    /// <param name="heads">Rotated queries, rotated keys and values, [B, N, 3, H, d].</param>
    public static Tensor? OfScreens(Tensor heads) => Try(heads.device_index, Screens, () => TorchOps.Call(Screens, heads));

    private static bool IsUsed(Tensor tensor) => FusedOps.RunOn(tensor) && !s_withoutPlan.ContainsKey((tensor.device_index, Prompt));

    /// <summary>
    /// Calls an operation that uses cuDNN; null, then and from now on for this operation, where libtorch or the card has no plan for it.
    /// Any other error is the caller's.
    /// </summary>
    /// <param name="card">The card's number.</param>
    /// <param name="operation">What is planned.</param>
    /// <param name="call">Calls the operation.</param>
    internal static Tensor? Try(int card, string operation, Func<Tensor> call)
    {
        if (s_withoutPlan.ContainsKey((card, operation)))
            return null;
        try
        {
            return call();
        }
        catch (ExternalException e) when (CudnnFault.IsNoPlan(e.Message))
        {
            s_withoutPlan[(card, operation)] = true;
            return null;
        }
    }
}
