using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>Cosines and sines of token positions, [L, d] each, in the model's type.</summary>
public readonly record struct RotaryAngles(Tensor Cos, Tensor Sin)
{
    /// <summary>The angles of one row, [1, d]: views that borrow from these.</summary>
    public RotaryAngles Row(long row) => new(Cos.narrow(0, row, 1), Sin.narrow(0, row, 1));
}

/// <summary>Multimodal rotary positions: time, height and width each turn their own share of a head's channels.</summary>
/// <remarks>Source: Qwen2-VL, arXiv 2409.12191, section 2.1 (M-RoPE). Channel pair i turns by position·theta^(−2i/d), computed in float32.</remarks>
public sealed class RotaryTable : IDisposable
{
    private readonly Compute _compute;
    private readonly Tensor _frequencies, _axis;

    internal RotaryTable(TextConfig config, Compute compute)
    {
        _compute = compute;
        var pairs = config.HeadDim / 2;
        var axis = config.MropeSection.SelectMany((count, axis) => Enumerable.Repeat((long)axis, count)).ToArray();
        using var scope = NewDisposeScope();
        _frequencies = pow(config.RopeTheta, arange(0, pairs, ScalarType.Float32) / pairs).reciprocal().to(compute.Device).DetachFromDisposeScope();
        _axis = tensor(axis).to(compute.Device).DetachFromDisposeScope();
    }

    /// <summary>The angles of positions, [L, d]; the caller owns them.</summary>
    /// <param name="positions">Time, height and width positions, [3, L], int64, on any device.</param>
    public RotaryAngles Angles(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var turned = positions.to(_compute.Device).to(ScalarType.Float32).index_select(0, _axis).transpose(0, 1) * _frequencies;
        var twice = cat([turned, turned], 1);
        return new RotaryAngles(
            twice.cos().to(_compute.DType).MoveToOuterDisposeScope(),
            twice.sin().to(_compute.DType).MoveToOuterDisposeScope());
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
