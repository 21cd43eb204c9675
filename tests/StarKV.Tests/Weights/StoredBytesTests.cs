using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Weights;

public sealed class StoredBytesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Views_are_written_row_by_row_and_read_into_any_type() => TorchThread.Run(() =>
    {
        var numbers = arange(24, ScalarType.Float32).view(2, 3, 4);
        Tensor[] tensors =
        [
            numbers, numbers.narrow(1, 1, 2), numbers.transpose(0, 2), numbers[1, 2], numbers.narrow(2, 0, 1)[0].squeeze(1), tensor(5f), zeros(0, 3),
            numbers.to(ScalarType.BFloat16).narrow(1, 0, 1), numbers.to(ScalarType.Int64),
        ];
        var path = _folder.File("x");
        using (var stream = File.Create(path))
        {
            SafetensorsWriter.Write(
                stream, [("a", "b \"ä\"")], [.. tensors.Select((t, i) => new StreamedTensor($"{i}", t.dtype.ToDType(), t.shape, s => t.WriteTo(s, default)))]);
        }

        using var file = SafetensorsFile.Open(path);
        Assert.Equal([KeyValuePair.Create("a", "b \"ä\"")], file.Metadata);
        for (var i = 0; i < tensors.Length; i++)
        {
            var entry = file.Tensors[$"{i}"];
            foreach (var type in new[] { tensors[i].dtype, ScalarType.Float32, ScalarType.BFloat16 })
            {
                var copy = full(tensors[i].shape, -1, type);
                entry.CopyTo(0, copy);
                Assert.Equal(Numbers(tensors[i].to(type)), Numbers(copy));
            }
        }

        static float[] Numbers(Tensor tensor) =>
            tensor.NumberOfElements == 0 ? [] : tensor.contiguous().to(ScalarType.Float32).data<float>().ToArray();
    });

    [Fact]
    public void Large_tensors_are_written_and_read_in_pieces() => TorchThread.Run(() =>
    {
        // Above the 64 MiB of a piece, and not a whole number of them.
        var numbers = arange((17 << 20) + 3, ScalarType.Int32);
        var path = _folder.File("x");
        using (var stream = File.Create(path))
            SafetensorsWriter.Write(stream, [], [new StreamedTensor("x", DType.I32, numbers.shape, s => numbers.WriteTo(s, default))]);
        using var file = SafetensorsFile.Open(path);
        var copy = zeros_like(numbers);
        file.Tensors["x"].CopyTo(0, copy);
        Assert.True(copy.eq(numbers).all().item<bool>());
    });

    [Fact]
    public void A_tensor_of_another_length_and_a_write_that_is_cancelled_are_errors() => TorchThread.Run(() =>
    {
        using var stream = new MemoryStream();
        Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(stream, [], [new StreamedTensor("x", DType.U8, [3], s => s.WriteByte(1))]));
        Assert.Throws<OperationCanceledException>(() => ones(3).WriteTo(stream, new CancellationToken(true)));
    });
}
