using System.Runtime.InteropServices;
using StarKV.Decode;
using StarKV.Runtime;
using StarKV.Tests.Agent;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.Qwen3Vl;

/// <summary>A checkpoint whose decoder's matrices are FP8 scaled by blocks, as Qwen publishes it, and one with what they stand for.</summary>
public sealed class Qwen3VlFp8Tests
{
    // 40 rows or columns are two blocks and a half.
    private const int Side = 16;

    private const string Quantization =
        """
        "quantization_config": {
          "quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic", "weight_block_size": [16, 16],
          "modules_to_not_convert": ["lm_head", "model.visual"]
        },
        """;

    private static readonly float[] s_numbers = Numbers();

    [Fact]
    public void Weights_and_answers_are_exactly_what_codes_times_scales_say()
    {
        using var coded = new Qwen3VlCheckpoint(config: c => "{" + Quantization + c.Trim()[1..], store: Fp8);
        using var plain = new Qwen3VlCheckpoint(store: Restored);
        TorchThread.Run(() =>
        {
            using var scope = NewDisposeScope();
            using var stored = CheckpointFolder.Open(coded.Folder);
            using var meant = CheckpointFolder.Open(plain.Folder);
            using var weights = new CheckpointWeights(stored, new Compute(CPU, ScalarType.Float32));
            Assert.Equal(new ScaleBlock(Side, Side), stored.Quantization!.Block);
            Assert.Equal(7 * Qwen3VlCheckpoint.Layers, stored.Tensors.Values.Count(t => t.DType == DType.F8E4M3));
            foreach (var (name, tensor) in meant.Tensors)
            {
                var expected = tensor.ToTensor().to(ScalarType.Float32);
                using var read = weights.Take(tensor.Shape, name);
                Assert.True(expected.equal(read).all().item<bool>(), name);
            }
        });

        using var agent = GuiAgent.Load(coded.Folder, "cpu");
        using var twin = GuiAgent.Load(plain.Folder, "cpu");
        var options = new GroundingOptions { Generation = new GenerationOptions { MaxNewTokens = 8 } };
        var answer = agent.Ground([MiniModel.Tiny(96, 128)], "Open the settings", options);
        Assert.Equal(twin.Ground([MiniModel.Tiny(96, 128)], "Open the settings", options).Tokens, answer.Tokens);
        Assert.Equal(8, answer.Tokens.Count);
    }

    private static bool IsCoded(string name) =>
        name.Contains(".layers.", StringComparison.Ordinal) && name.EndsWith("_proj.weight", StringComparison.Ordinal);

    private static IEnumerable<StoredTensor> Fp8(string name, long[] shape, float[] values)
    {
        if (!IsCoded(name))
            return Qwen3VlCheckpoint.Bfloat16(name, shape, values);
        var (codes, scales, grid) = Coded(shape, values);
        return
        [
            new(name, DType.F8E4M3, shape, codes),
            new(name + "_scale_inv", DType.F32, grid, MemoryMarshal.AsBytes<float>(scales).ToArray()),
        ];
    }

    private static IEnumerable<StoredTensor> Restored(string name, long[] shape, float[] values)
    {
        if (!IsCoded(name))
            return Qwen3VlCheckpoint.Bfloat16(name, shape, values);
        var (codes, scales, grid) = Coded(shape, values);
        var columns = (int)shape[1];
        float[] restored = [.. codes.Select((code, i) => s_numbers[code] * scales[i / columns / Side * (int)grid[1] + i % columns / Side])];
        return [new(name, DType.F32, shape, MemoryMarshal.AsBytes<float>(restored).ToArray())];
    }

    /// <summary>The nearest code of each number divided by its block's scale, which makes the block's largest number 448.</summary>
    private static (byte[] Codes, float[] Scales, long[] Grid) Coded(long[] shape, float[] values)
    {
        var columns = (int)shape[1];
        long[] grid = [(shape[0] + Side - 1) / Side, (columns + Side - 1) / Side];
        var scales = new float[grid[0] * grid[1]];
        for (var i = 0; i < values.Length; i++)
            scales[Block(i)] = Math.Max(scales[Block(i)], Math.Abs(values[i]) / 448);
        return ([.. values.Select((value, i) => Nearest(value / scales[Block(i)]))], scales, grid);

        int Block(int i) => i / columns / Side * (int)grid[1] + i % columns / Side;
    }

    private static byte Nearest(float value) =>
        (byte)Enumerable.Range(0, 256).Where(c => float.IsFinite(s_numbers[c])).MinBy(c => Math.Abs(s_numbers[c] - value));

    private static float[] Numbers()
    {
        var numbers = new float[256];
        Float8.Decode(DType.F8E4M3, [.. Enumerable.Range(0, 256).Select(c => (byte)c)], numbers);
        return numbers;
    }
}
