using System.Text.Json;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Conformance;

/// <summary>The tensors of one vector file; those made here belong to the open dispose scope.</summary>
internal sealed class VectorFile(string path) : IDisposable
{
    private readonly SafetensorsFile _file = SafetensorsFile.Open(path);

    /// <summary>A tensor by name; half precision becomes float32, which is exact.</summary>
    public Tensor this[string name] => Find(name) ?? throw new StarKvException($"{path} has no tensor '{name}'.");

    /// <summary>A tensor by name, or null.</summary>
    public Tensor? Find(string name)
    {
        if (!_file.Tensors.TryGetValue(name, out var entry))
            return null;
        var tensor = entry.ToTensor();
        return tensor.dtype == ScalarType.Float16 ? tensor.to(ScalarType.Float32) : tensor;
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>Compares what was computed with what a vector says; each returns the first difference or null.</summary>
internal static class Compare
{
    /// <summary>Floats agree when they differ by at most <paramref name="relative"/> of the expected tensor's largest magnitude.</summary>
    public static string? Floats(string what, Tensor expected, Tensor actual, double relative)
    {
        using var scope = NewDisposeScope();
        actual = actual.to(ScalarType.Float64).cpu();
        expected = expected.to(ScalarType.Float64);
        if (actual.numel() != expected.numel())
            return $"{what}: [{string.Join(", ", actual.shape)}] where [{string.Join(", ", expected.shape)}] is expected";
        if (expected.numel() == 0)
            return null;
        var difference = (actual.reshape(-1) - expected.reshape(-1)).abs();
        var allowed = relative * Math.Max(expected.abs().max().item<double>(), 1e-6);
        var at = difference.nan_to_num(double.PositiveInfinity).argmax().item<long>();
        return difference.nan_to_num(double.PositiveInfinity)[at].item<double>() <= allowed
            ? null
            : $"{what}[{at}]: {actual.reshape(-1)[at].item<double>():G9} where {expected.reshape(-1)[at].item<double>():G9} is expected";
    }

    /// <summary>Whole numbers agree one by one.</summary>
    public static string? Integers(string what, IReadOnlyList<long> expected, IReadOnlyList<long> actual)
    {
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i >= actual.Count || i >= expected.Count || expected[i] != actual[i])
                return $"{what}[{i}]: {(i < actual.Count ? actual[i] : "nothing")} where " +
                    $"{(i < expected.Count ? expected[i] : "nothing")} is expected";
        }

        return null;
    }

    /// <summary>The first difference of several comparisons, made one after the other.</summary>
    public static string? First(params IEnumerable<string?> differences) => differences.FirstOrDefault(d => d is not null);

    /// <summary>The whole numbers of a tensor.</summary>
    public static long[] Longs(this Tensor tensor) => tensor.cpu().to(ScalarType.Int64).reshape(-1).data<long>().ToArray();

    /// <summary>The whole numbers of a JSON list.</summary>
    public static long[] Longs(this JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt64())];
}
