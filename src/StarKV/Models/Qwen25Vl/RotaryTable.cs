using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>Cosines and sines of token positions, [L, d] each, in the model's type; the sines' first half of the channels is negative.</summary>
public readonly record struct RotaryAngles(Tensor Cos, Tensor Sin)
{
    /// <summary>The angles of one row, [1, d]: views that borrow from these.</summary>
    public RotaryAngles Row(long row) => new(Cos.narrow(0, row, 1), Sin.narrow(0, row, 1));
}

/// <summary>Multimodal rotary positions: time, height and width each turn their own share of a head's channels.</summary>
/// <remarks>Source: Qwen2-VL, arXiv 2409.12191, section 2.1 (M-RoPE). Channel pair i turns by position·theta^(−2i/d), computed in float32. Not thread-safe: it belongs on the inference thread.</remarks>
public sealed class RotaryTable : IDisposable
{
    private readonly Compute _compute;
    private readonly Tensor _frequencies, _axis;

    internal RotaryTable(TextConfig config, Compute compute)
    {
        _compute = compute;
        using var scope = NewDisposeScope();
        _frequencies = RotaryFrequencies.Of(config.RopeTheta, config.HeadDim).to(compute.Device);
        _axis = tensor(AxisOfPairs(config)).to(compute.Device);
        _frequencies.DetachFromDisposeScope();
        _axis.DetachFromDisposeScope();
    }

    /// <summary>The axis that turns each channel pair, [d / 2]: 0 time, 1 height, 2 width.</summary>
    internal static long[] AxisOfPairs(TextConfig config) =>
        [.. config.MropeSection.SelectMany((count, axis) => Enumerable.Repeat((long)axis, count))];

    /// <summary>The angles of positions, [L, d]; the caller owns them.</summary>
    /// <param name="positions">Time, height and width positions, [3, L], int64, on any device.</param>
    public RotaryAngles Angles(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var turned = positions.to(_compute.Device).to(ScalarType.Float32).index_select(0, _axis).transpose(0, 1) * _frequencies;
        var (cos, sin) = (turned.cos(), turned.sin());
        return new RotaryAngles(
            cat([cos, cos], 1).to(_compute.DType).MoveToOuterDisposeScope(),
            cat([-sin, sin], 1).to(_compute.DType).MoveToOuterDisposeScope());
    }

    /// <summary>The angles of <paramref name="count"/> text tokens from position <paramref name="first"/> on, [count, d]; the caller owns them.</summary>
    public RotaryAngles TextAngles(long first, int count)
    {
        using var scope = NewDisposeScope();
        var angles = Angles(arange(first, first + count, ScalarType.Int64).unsqueeze(0).expand(3, count));
        return new RotaryAngles(angles.Cos.MoveToOuterDisposeScope(), angles.Sin.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frequencies.Dispose();
        _axis.Dispose();
    }
}
