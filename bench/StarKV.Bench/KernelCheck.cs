using StarKV.Compact;
using StarKV.Input;
using StarKV.Kernels;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary>Whether the custom kernels give the logits of the plain operations.</summary>
internal static class KernelCheck
{
    private const int Tokens = 8;

    /// <summary>Encodes the screenshots and reads the prompt twice, with the kernels and without.</summary>
    /// <returns>The largest difference of the last token's logits as a share of the largest logit; null on the CPU.</returns>
    public static double? OfPrefill(IVisionLanguageModel model, TokenMap prompt, IReadOnlyList<ModelImage> images, Compression compression)
    {
        if (!model.Compute.IsCuda)
            return null;
        using var scope = NewDisposeScope();
        return Share(With(kernels: true, Logits), With(kernels: false, Logits));

        Tensor Logits()
        {
            using var read = new PrefillRunner(model.Text)
                .Run(prompt, new ScreenEncoder(model.Vision).Encode(images), compression, BenchPlan.Reading(model));
            return read.Logits.clone();
        }
    }

    /// <summary>Continues equal caches twice, with the kernels and without, by the tokens that the plain operations choose.</summary>
    /// <returns>The largest difference of logits as a share of the largest logit; null on the CPU, where there are no kernels.</returns>
    public static double? Difference(
        IVisionLanguageModel model, TokenMap prompt, IReadOnlyList<ScreenFeatures> screens, IReadOnlyList<Compression> compressions)
    {
        if (!model.Compute.IsCuda)
            return null;
        using var scope = NewDisposeScope();
        var reads = new PrefillRunner(model.Text).Run(prompt, screens, [.. compressions, .. compressions], BenchPlan.Reading(model));
        var (half, largest) = (compressions.Count, 0.0);
        try
        {
            var angles = model.Text.Rotary.TextAngles(reads[0].NextPosition, Tokens);
            var tokens = cat([.. reads.Take(half).Select(r => r.Logits.argmax(1))]);
            for (var i = 0; i < Tokens; i++)
            {
                var plain = With(kernels: false, () => Logits(reads.Take(half), i));
                largest = Math.Max(largest, Share(With(kernels: true, () => Logits(reads.Skip(half), i)), plain));
                tokens = plain.argmax(1);
            }

            return largest;

            Tensor Logits(IEnumerable<PrefillResult> some, int token)
            {
                var hidden = model.Text.Embed(tokens);
                model.Text.StepTogether(hidden, angles.Row(token), [.. some.Select(r => r.Cache)]);
                return model.Text.Logits(hidden);
            }
        }
        finally
        {
            foreach (var read in reads)
                read.Dispose();
        }
    }

    /// <summary>The largest difference of logits as a share of the largest logit.</summary>
    public static double Share(Tensor logits, Tensor expected) => ((logits - expected).abs().max() / expected.abs().max()).item<float>();

    /// <summary>Does something with the kernels or without, whatever the environment says.</summary>
    private static Tensor With(bool kernels, Func<Tensor> work)
    {
        var usual = KernelSupport.Enabled;
        KernelSupport.Enabled = kernels;
        try
        {
            return work();
        }
        finally
        {
            KernelSupport.Enabled = usual;
        }
    }
}
