using CsCheck;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class SafetensorsFuzzTests : IDisposable
{
    private const long MostAllocated = 64L << 20;

    private readonly TempFolder _folder = new();

    private static readonly byte[] s_valid = new SafetensorsBuilder()
        .Metadata(new() { ["format"] = "pt" })
        .Add("model.norm.weight", "BF16", 8).Add("b", "F32", 2, 3).Add("empty", "I64", 0).Add("c", "F8_E4M3", 5).Build();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Changed_bytes_open_or_are_refused() =>
        Gen.Select(Gen.Int[0, s_valid.Length - 1], Gen.Byte).Array[1, 6].Sample(
            changes =>
            {
                var bytes = s_valid.ToArray();
                foreach (var (at, value) in changes)
                    bytes[at] = value;
                OpensOrIsRefused(bytes);
            },
            iter: 2_000, threads: 1);

    [Fact]
    public void Changed_header_digits_and_signs_open_or_are_refused() =>
        Gen.Select(Gen.Int[8, s_valid.Length - 1], Gen.Char["0123456789-.e\"{}[],:\\ "].Select(c => (byte)c)).Array[1, 3].Sample(
            changes =>
            {
                var bytes = s_valid.ToArray();
                foreach (var (at, value) in changes)
                    bytes[at] = value;
                OpensOrIsRefused(bytes);
            },
            iter: 2_000, threads: 1);

    [Fact]
    public void Every_truncation_is_refused()
    {
        for (var length = 0; length < s_valid.Length; length++)
        {
            var path = _folder.Write("cut.safetensors", s_valid[..length]);
            Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path).Dispose());
        }
    }

    private void OpensOrIsRefused(byte[] bytes)
    {
        var path = _folder.Write("fuzz.safetensors", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var file = SafetensorsFile.Open(path);
            foreach (var tensor in file.Tensors.Values)
                _ = tensor.Bytes(0, (int)tensor.ByteLength).ToArray();
        }
        catch (StarKvException)
        {
            // Refused with a sentence: what a broken file is due.
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
    }
}
