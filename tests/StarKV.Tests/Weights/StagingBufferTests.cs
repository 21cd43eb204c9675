using System.Runtime.InteropServices;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Weights;

public sealed class StagingBufferTests : IDisposable
{
    private static readonly Compute s_cpu = new(CPU, ScalarType.Float32);

    private readonly TempFolder _folder = new();
    private readonly SafetensorsFile _file;

    public StagingBufferTests() => _file = SafetensorsFile.Open(_folder.Write("x.safetensors", new SafetensorsBuilder()
        // 1, 2, −1.5, 448, 2^-9 and 0.5.
        .Add("fp8", "F8_E4M3", [3, 2], [0x38, 0x40, 0xBC, 0x7E, 0x01, 0x30])
        .Add("f32", "F32", [3, 2], MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6]).ToArray())
        .Add("i64", "I64", [2], MemoryMarshal.AsBytes<long>([-7, 1L << 40]).ToArray()).Build()));

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    private TensorEntry Entry(string name) => _file.Tensors[name];

    [Theory]
    [InlineData("f32", 8, 24, 3)]
    [InlineData("f32", 8, 23, 2)]
    [InlineData("f32", 8, 7, 1)]
    [InlineData("f32", 0, 24, 24)]
    // Each stored byte becomes a float32 of four.
    [InlineData("fp8", 2, 24, 3)]
    [InlineData("fp8", 2, 23, 2)]
    public void As_many_rows_fit_as_their_numbers_take_bytes(string name, long rowBytes, int bytes, long rows) =>
        Assert.Equal(rows, StagingBuffer.RowsAtOnce(Entry(name), rowBytes, bytes));

    [Theory]
    [InlineData(24)]
    [InlineData(16)]
    [InlineData(15)]
    public void Pieces_are_read_whether_the_buffer_holds_them_or_not(int bytes) => TorchThread.Run(() =>
    {
        using var buffer = new StagingBuffer(s_cpu, bytes);
        // Two rows of two numbers are 16 bytes, of eight-bit floats too.
        Holds<float>([3, 4, 5, 6], ScalarType.Float32, buffer.Read(Entry("f32"), 8, 16, [2, 2]));
        Holds<float>([-1.5f, 448, 1 / 512f, 0.5f], ScalarType.Float32, buffer.Read(Entry("fp8"), 2, 4, [2, 2]));
        Holds<long>([-7, 1L << 40], ScalarType.Int64, buffer.Read(Entry("i64"), 0, 16, [2, 1]));
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void What_several_threads_copy_arrives_whole(int more)
    {
        // Each copies 2 MiB.
        var length = 2 * (2 << 20) + more;
        byte[] numbers = [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];
        using var file = SafetensorsFile.Open(_folder.Write("long.safetensors", new SafetensorsBuilder().Add("x", "U8", [length], numbers).Build()));
        TorchThread.Run(() =>
        {
            using var buffer = new StagingBuffer(s_cpu, 5 << 20);
            Assert.True(numbers.AsSpan().SequenceEqual(buffer.Read(file.Tensors["x"], 0, length, [length]).data<byte>().ToArray()));
            Assert.True(numbers.AsSpan(5).SequenceEqual(buffer.Read(file.Tensors["x"], 5, length - 5, [length - 5]).data<byte>().ToArray()));
        });
    }

    [Fact]
    public void One_buffer_a_number_type_is_held_until_the_end() => TorchThread.Run(() =>
    {
        var before = TorchThread.Live;
        using var buffer = new StagingBuffer(s_cpu, 24);
        using (NewDisposeScope())
        {
            var first = buffer.Read(Entry("f32"), 0, 8, [1, 2]);
            Holds<float>([1, 2], ScalarType.Float32, first);
            // The same memory serves the next piece: 8-bit floats are float32 there.
            _ = buffer.Read(Entry("fp8"), 0, 2, [2]);
            Holds<float>([1, 2], ScalarType.Float32, first);
            _ = buffer.Read(Entry("f32"), 16, 8, [2]);
            Holds<float>([5, 6], ScalarType.Float32, first);
        }

        Assert.Equal(before + 1, TorchThread.Live);
        using (NewDisposeScope())
            Holds<long>([1L << 40], ScalarType.Int64, buffer.Read(Entry("i64"), 8, 8, [1]));
        Assert.Equal(before + 2, TorchThread.Live);
        buffer.Dispose();
        Assert.Equal(before, TorchThread.Live);
    });

    [Fact]
    public void A_whole_tensor_is_copied_in_its_stored_type_and_8_bit_floats_as_float32() => TorchThread.Run(() =>
    {
        Holds<float>([1, 2, -1.5f, 448, 1 / 512f, 0.5f], ScalarType.Float32, Entry("fp8").ToTensor());
        Assert.Equal([3, 2], Entry("fp8").ToTensor().shape);
        Holds<long>([-7, 1L << 40], ScalarType.Int64, Entry("i64").ToTensor());
    });

    private static void Holds<T>(T[] expected, ScalarType type, Tensor read) where T : unmanaged
    {
        Assert.Equal(type, read.dtype);
        Assert.Equal(expected, read.data<T>().ToArray());
    }
}
