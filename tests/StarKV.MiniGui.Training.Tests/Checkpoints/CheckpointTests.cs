using StarKV.MiniGui.Training.Checkpoints;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Tests.Checkpoints;

/// <summary>What is written is what is read.</summary>
public sealed class CheckpointTests
{
    [Fact]
    public void Written_tensors_pass_the_strict_reader_unchanged()
    {
        using var temp = new TempFolder();
        StoredTensor[] tensors = [new("a.weight", DType.F32, [2, 3], [.. Enumerable.Range(0, 24).Select(i => (byte)i)]), new("b", DType.F8E4M3, [5], [9, 8, 7, 6, 5]), new("c", DType.BF16, [], [1, 2])];
        SafetensorsWriter.Write(temp.File("x.safetensors"), tensors);

        using var file = SafetensorsFile.Open(temp.File("x.safetensors"));
        Assert.Equal(tensors.Length, file.Tensors.Count);
        Assert.All(tensors, t =>
        {
            var read = file.Tensors[t.Name];
            Assert.Equal((t.DType, t.Bytes.Length), (read.DType, (int)read.ByteLength));
            Assert.Equal(t.Shape, read.Shape);
            Assert.Equal(t.Bytes, read.Bytes(0, t.Bytes.Length).ToArray());
        });
    }

    [Fact]
    public void Shards_stay_below_their_limit_and_hold_every_tensor_once()
    {
        using var temp = new TempFolder();
        var tensors = Enumerable.Range(0, 10).Select(i => new StoredTensor($"t{i}", DType.U8, [40], new byte[40])).ToList();
        SafetensorsWriter.WriteModel(temp.Path, tensors, 100);
        temp.Write("config.json", "{}");

        using var folder = CheckpointFolder.Open(temp.Path);
        Assert.Equal(5, folder.Files.Count);
        Assert.All(folder.Files, f => Assert.InRange(f.Tensors.Values.Sum(t => t.ByteLength), 1, 100));
        Assert.Equal(tensors.Select(t => t.Name).Order(), folder.Tensors.Keys.Order());
    }

    [Fact]
    public void A_resumed_run_starts_from_the_saved_weights() => TrainingThread.Run(() =>
    {
        using var temp = new TempFolder();
        var shape = TinyShape.Folder(temp.Path);
        using var weights = Tiny.Weights(1);
        Checkpoint.Save(temp.File("model"), shape, weights, new Progress(12, 34));
        Checkpoint.Save(temp.File("model"), shape, weights, new Progress(56, 78));

        using var other = Tiny.Weights(2);
        Assert.Equal(new Progress(56, 78), Checkpoint.Load(temp.File("model"), other));
        var model = weights.Layout.ModelNumbers;
        var expected = cat([weights.Master.narrow(0, 0, model).to(ScalarType.BFloat16).to(ScalarType.Float32), weights.Master.narrow(0, model, weights.Layout.Numbers - model)]);
        Assert.Equal(expected.data<float>().ToArray(), other.Master.data<float>().ToArray());
        Assert.Equal(other.Master.data<float>().ToArray(), other.Work.detach().data<float>().ToArray());
        Assert.False(Directory.Exists(temp.File("model.partial")) || Directory.Exists(temp.File("model.old")));
    });

    [Fact]
    public void Quantized_weights_are_within_half_a_step_of_the_original() => TrainingThread.Run(() =>
    {
        using var temp = new TempFolder();
        using var weights = Tiny.Weights();
        Checkpoint.Save(temp.File("model"), TinyShape.Folder(temp.Path), weights, new Progress(0, 0));
        Quantizer.Run(temp.File("model"), temp.File("fp8"));

        using var read = Tiny.Weights(2);
        Checkpoint.Load(temp.File("fp8"), read);
        foreach (var ((name, expected), (_, actual)) in weights.Published().Zip(read.Published()))
        {
            var linear = expected.dim() == 2 && !name.Contains("embed", StringComparison.Ordinal);
            var rounded = expected.to(ScalarType.BFloat16).to(ScalarType.Float32);
            // Three bits of fraction: half a step is a sixteenth, near zero 2^-10 of the row's scale.
            var allowed = linear ? rounded.abs() / 16 + rounded.abs().amax([1], true) / Fp8.Max / 1024 + 1e-9 : zeros_like(rounded);
            Assert.True((actual - rounded).abs().le(allowed).all().item<bool>(), name);
            Assert.Equal(linear, !actual.eq(rounded).all().item<bool>());
        }
    });

    [Fact]
    public void Every_code_of_fp8_is_its_own_nearest_number()
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Where(c => (c & 0x7F) != 0x7F).Select(c => (byte)c)];
        var values = new float[codes.Length];
        Float8.Decode(DType.F8E4M3, codes, values);
        Assert.Equal(codes, values.Select(Fp8.Encode));
        Assert.Equal(0x7E, Fp8.Encode(1e6f));
        Assert.Equal(0x38, Fp8.Encode(1.0625f));
        Assert.Equal(0x3A, Fp8.Encode(1.1875f));
    }
}
