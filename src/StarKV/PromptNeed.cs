using StarKV.Compact;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Schedule;

namespace StarKV;

/// <summary>The bytes that a request needs on the device, by arithmetic from its tokens and budgets.</summary>
/// <remarks>
/// An upper bound: every cache counts with the room for its longest answer, and caches whose layers are chosen after all of them were read
/// count with all rows beside it.
/// </remarks>
internal static class PromptNeed
{
    /// <summary>The bytes that a request needs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="tokens">Tokens to read.</param>
    /// <param name="screens">Screenshots to encode.</param>
    public static JobNeed Of(IVisionLanguageModel model, PreparedPrompt prompt, int tokens, IReadOnlyList<PatchGrid> screens)
    {
        var (text, compute, length) = (model.Config.Text, model.Compute, prompt.Prompt.Length);
        var tokenBytes = new Cache.KvShape(text.Layers, text.KvHeads, text.HeadDim).TokenBytes(compute);
        var answer = prompt.Request.Options.Generation.MaxNewTokens;
        var caches = prompt.Request.Compressions.Sum(c => Rows(c, length, text.Heads / text.KvHeads, answer)) * tokenBytes;
        var held = prompt.Request.Compressions.Count(c => PromptCompactor.WillHoldLayers(c, length)) * length * tokenBytes;
        // What was read before joins the new rows layer by layer; with rows from the host the next layer is on its way.
        var joined = tokens < length ? 2L * length * tokenBytes / text.Layers : 0;
        var reading = PrefillMemory.Peak(model.Config, screens, tokens, caches + held + joined, compute.ElementSize, prompt.Reading);
        return new JobNeed(reading, caches);
    }

    private static long Rows(Compression compression, int length, int headsPerGroup, int answer)
    {
        if (compression.KeepsEverything)
            return length + answer;
        return (compression.Budget.Capacity(length) + answer) * (long)compression.Method.HeadCopies(headsPerGroup);
    }
}
