using System.Runtime.InteropServices;
using StarKV.Weights;

namespace StarKV.Tests.Models;

/// <summary>Random weights of a small checkpoint, by their published names.</summary>
/// <param name="seed">From which they are drawn.</param>
/// <param name="bias">Deviation of the biases.</param>
internal sealed class RandomTensors(int seed, double bias)
{
    private readonly Random _random = new(seed);

    /// <summary>All that were drawn.</summary>
    public Dictionary<string, (long[] Shape, float[] Values)> All { get; } = [];

    /// <summary>A matrix and its bias.</summary>
    public void Linear(string name, params long[] shape)
    {
        Add(name + ".weight", shape);
        Add(name + ".bias", shape[0]);
    }

    /// <summary>One tensor, wide enough that answers depend on the prompt: queries, keys and gates of about one, norms near one.</summary>
    public void Add(string name, params long[] shape)
    {
        var columns = shape.Skip(1).Aggregate(1L, (a, b) => a * b);
        var (mean, deviation) = shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal) ? (1.0, 0.1)
            : name.Contains("embed", StringComparison.Ordinal) && shape.Length == 2 ? (0.0, 1.0)
            : (0.0, shape.Length == 1 ? bias : 1.5 / Math.Sqrt(columns));
        All.Add(name, (shape, [.. Enumerable.Range(0, (int)(shape[0] * columns)).Select(_ => (float)(mean + deviation * Normal()))]));
    }

    /// <summary>A tensor in bfloat16, rounded towards zero: the upper halves of the numbers.</summary>
    public static StoredTensor Bfloat16(string name, long[] shape, float[] values) => new(
        name, DType.BF16, shape,
        MemoryMarshal.AsBytes<ushort>(values.Select(v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)).ToArray()).ToArray());

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
