using System.Diagnostics.CodeAnalysis;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Models.Layers;

/// <summary>Multimodal rotary positions: time, height and width each turn their own share of a head's channels.</summary>
/// <remarks>
/// Source: Qwen2-VL, arXiv 2409.12191, section 2.1 (M-RoPE). Channel pair i turns by position·theta^(−2i/d), computed in float32. Not
/// thread-safe: it belongs on the inference thread.
/// </remarks>
[Experimental("STARKV001")]
public sealed class RotaryTable : IDisposable
{
    /// <summary>Positions of the first table; it doubles when more are asked for.</summary>
    private const long FirstRows = 1024;

    private readonly Compute _compute;
    private readonly Tensor _frequencies, _axis;
    private RotaryAngles _text;

    /// <summary>Makes a table.</summary>
    /// <param name="axes">The axis that turns each channel pair, [d / 2]: 0 time, 1 height, 2 width.</param>
    /// <param name="theta">Base of the frequencies.</param>
    /// <param name="compute">Device and number type.</param>
    public RotaryTable(long[] axes, double theta, Compute compute)
    {
        _compute = compute;
        using var scope = NewDisposeScope();
        _frequencies = RotaryFrequencies.Of(theta, 2 * axes.Length).to(compute.Device);
        _axis = tensor(axes).to(compute.Device);
        _text = OfText(FirstRows);
        // Only now: of a table that could not be made, for lack of memory, nothing may stay.
        foreach (var held in new[] { _frequencies, _axis, _text.Cos, _text.Sin })
            held.DetachFromDisposeScope();
    }

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

    /// <summary>
    /// The angles of <paramref name="count"/> text tokens from position <paramref name="first"/> on, [count, d]: views that borrow from the
    /// table.
    /// </summary>
    public RotaryAngles TextAngles(long first, int count)
    {
        Reach(first + count);
        return new RotaryAngles(_text.Cos.narrow(0, first, count), _text.Sin.narrow(0, first, count));
    }

    /// <summary>The angles of text tokens at positions of any order, [B, d]; the caller owns them.</summary>
    /// <param name="positions">Positions, [B], int64, on the device.</param>
    /// <param name="last">The largest of them.</param>
    internal RotaryAngles TextAngles(Tensor positions, long last)
    {
        Reach(last + 1);
        return new RotaryAngles(_text.Cos.index_select(0, positions), _text.Sin.index_select(0, positions));
    }

    // Tokens of text have one position on all axes, so that few numbers serve all answers.
    private RotaryAngles OfText(long rows) => Angles(arange(0, rows, ScalarType.Int64).unsqueeze(0).expand(3, rows));

    private void Reach(long rows)
    {
        var held = _text.Cos.shape[0];
        if (rows <= held)
            return;
        using var scope = NewDisposeScope();
        var old = _text;
        _text = OfText(Math.Max(rows, 2 * held));
        _text.Cos.DetachFromDisposeScope();
        _text.Sin.DetachFromDisposeScope();
        old.Cos.Dispose();
        old.Sin.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var held in new[] { _frequencies, _axis, _text.Cos, _text.Sin })
            held.Dispose();
    }
}
