using System.Buffers.Binary;
using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.MiniGui;
using StarKV.Weights;

namespace StarKV.Fuzz.Targets;

/// <summary>A safetensors file: opened, every byte of every tensor touched.</summary>
internal sealed class SafetensorsTarget(Scratch scratch) : IFuzzTarget
{
    private const int PrefixBytes = sizeof(ulong);
    private readonly string _path = Path.Combine(scratch.Sub("safetensors"), "model.safetensors");

    public string Name => "safetensors";

    public int InputsARound => 12_000;

    public IReadOnlyList<IMutation> Mutations { get; } =
        [.. Mutate.Mutations.OfJson("dtype", "shape", "data_offsets", "\"__metadata__\":{\"a\":\"b\"},", "BF16", "F8_E4M3", "U32", "I64", "[0,0]", "[]"), .. Mutate.Mutations.OfBinary()];

    public IEnumerable<byte[]> Seeds()
    {
        yield return Of([]);
        yield return Of([new("a", DType.F32, [2, 3], new byte[24]), new("b.weight", DType.BF16, [], new byte[2]), new("c", DType.I64, [0, 4], [])]);
        yield return Of([.. Enum.GetValues<DType>().Select((type, i) => new StoredTensor($"model.layers.{i}.weight", type, [i, 2], new byte[2 * i * type.ByteSize()]))]);
        yield return [.. Prefixed("""{"__metadata__":{"format":"pt"},"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}     """), 1, 2, 3];
    }

    // The announced length would end nearly every change of the header.
    public byte[] Repair(byte[] changed, SeededRandom random)
    {
        if (changed.Length <= PrefixBytes || random.Chance(0.15))
            return changed;
        var spans = JsonSpans.Of(changed.AsSpan(PrefixBytes));
        var end = spans.Find(s => s.From == 0).End;
        if (end == 0)
            return changed;
        var copy = changed.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(copy, (ulong)end);
        return copy;
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        using var file = SafetensorsFile.Open(_path);
        var header = BinaryPrimitives.ReadInt64LittleEndian(input);
        BrokenPromiseException.Unless(PrefixBytes + header + file.Tensors.Values.Sum(t => t.ByteLength) == input.Length, "header and tensors are not the whole file");
        var sum = 0;
        foreach (var tensor in file.Tensors.Values)
        {
            foreach (var value in tensor.Bytes(0, (int)tensor.ByteLength))
                sum += value;
        }

        return $"{file.Tensors.Count} {file.Metadata.Count} {string.Join(' ', file.Tensors.Values.Select(t => $"{t.DType}{t.Shape.Length}").Distinct().Order())} {sum % 2}";
    }

    private static byte[] Of(IReadOnlyList<StoredTensor> tensors)
    {
        using var scratch = new Scratch();
        var path = Path.Combine(scratch.Folder, "x.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return File.ReadAllBytes(path);
    }

    private static byte[] Prefixed(string header)
    {
        var bytes = new byte[PrefixBytes + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(PrefixBytes));
        return bytes;
    }
}
