using StarKV.MiniGui.Training.Model;
using StarKV.Models.Layers;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Tests.Model;

/// <summary>The gradients written here are those that autograd finds through the plain operations.</summary>
public sealed class FusedGradientsTests
{
    [Fact]
    public void Rotated_heads_have_autograds_gradient() => TrainingThread.Run(() =>
    {
        var (tokens, frames, heads, rotated, dim) = (5, 2, 6, 4, 8);
        var turns = Normal(1, tokens, dim / 2);
        var angles = new RotaryAngles(cat([turns.cos(), turns.cos()], 1), cat([-turns.sin(), turns.sin()], 1));
        Check(Normal(2, frames * tokens, heads, dim), x => FusedGradients.Rotate(x, rotated, angles), x =>
        {
            var (cos, sin) = (angles.Cos.repeat(frames, 1).unsqueeze(1), angles.Sin.repeat(frames, 1).unsqueeze(1));
            return cat([TorchOps.Call("rotate", x.narrow(1, 0, rotated), cos, sin), x.narrow(1, rotated, heads - rotated)], 1);
        });
    });

    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 0.02)]
    public void A_gated_product_has_autograds_gradient(ScalarType type, double tolerance) => TrainingThread.Run(() =>
        Check(Normal(3, 7, 2, 32).to(type), FusedGradients.Gate, x => TorchOps.Call("gate", x), tolerance));

    [Theory]
    [InlineData("single", ScalarType.Float32, 1e-5)]
    [InlineData("first", ScalarType.Float32, 1e-5)]
    [InlineData("last", ScalarType.Float32, 1e-5)]
    [InlineData("single", ScalarType.BFloat16, 0.05)]
    public void Attention_inside_packs_has_autograds_gradient(string form, ScalarType type, double tolerance) => TrainingThread.Run(() =>
    {
        // Packs of different lengths, so that one is padded; what its padding gives does not matter.
        using var packed = Tiny.Batch([.. new[] { 3UL, 7UL }.Select(seed => Tiny.Packer.Make(Tiny.Sample(seed, form, new SampleOptions { Questions = (int)seed })))]);
        var batch = packed.To(CPU);
        Assert.NotEqual(packed.Packs[0].Length, packed.Packs[1].Length);
        Assert.Equal(form != "first", batch.Attention.Blocks.shape[0] > 0);
        var (config, dim) = (Tiny.Config.Text, Tiny.Config.Text.HeadDim);
        var real = batch.Segments.view(-1, 1).ge(0).to(type);
        var heads = Normal(5, packed.Tokens, config.Heads + 2 * config.KvHeads, dim).to(type);
        Check(heads, x => FusedGradients.Attend(x, config, batch.Attention) * real, x =>
        {
            var mask = TrainingOps.Call("packed_mask", batch.Segments, x);
            var parts = x.view(2, packed.Length, x.shape[1], dim).transpose(1, 2).split([config.Heads, config.KvHeads, config.KvHeads], 1);
            Tensor Repeated(Tensor part) => part.repeat_interleave(config.Heads / config.KvHeads, 1);
            return nn.functional.scaled_dot_product_attention(parts[0], Repeated(parts[1]), Repeated(parts[2]), mask).transpose(1, 2).reshape(packed.Tokens, -1) * real;
        }, tolerance);
    });

    /// <summary>Compares values and gradients, the latter found on a thread of its own without a dispose scope, as a card's are.</summary>
    private static void Check(Tensor start, Func<Tensor, Tensor> fused, Func<Tensor, Tensor> plain, double tolerance = 1e-6)
    {
        var (expected, expectedGradient) = Run(plain);
        var (value, gradient) = Run(fused);
        Assert.InRange((value - expected).abs().max().item<float>(), 0, tolerance);
        Assert.InRange((gradient - expectedGradient).abs().max().item<float>(), 0, tolerance * expectedGradient.abs().max().item<float>());
        Assert.True(expectedGradient.std().item<float>() > 0.1f);

        (Tensor Value, Tensor Gradient) Run(Func<Tensor, Tensor> operation)
        {
            var leaf = start.clone().requires_grad_(true);
            var result = operation(leaf * 1);
            // Every number of the result counts differently.
            var sum = (result.to(ScalarType.Float32) * Normal(4, result.shape)).sum();
            var back = new Thread(() => sum.backward());
            back.Start();
            back.Join();
            return (result.detach().to(ScalarType.Float32), leaf.grad!.to(ScalarType.Float32));
        }
    }

    private static Tensor Normal(long seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return empty(shape).normal_(0, 1, generator);
    }
}
