using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>What the rows of one FP8 weight are multiplied by, in float32.</summary>
internal sealed class RowScales
{
    private readonly Tensor _values;
    private readonly ScaleBlock? _block;

    /// <summary>Reads the scale, in the dispose scope of the caller.</summary>
    /// <param name="weight">The weight, stored as 8-bit float.</param>
    /// <param name="scale">Its scale, of a shape that <see cref="WeightScales.Check"/> has seen.</param>
    /// <param name="block">The blocks that have one each; null for one per row or for the whole weight.</param>
    public RowScales(TensorEntry weight, TensorEntry scale, ScaleBlock? block)
    {
        _block = block;
        var values = scale.ToTensor().to(ScalarType.Float32);
        // By blocks: each column has that of its block already, each row is given its block's when it is asked for.
        _values = block is { } size
            ? values.index_select(1, Blocks(0, weight.Shape[1], size.Columns))
            : values.view([scale.ElementCount == 1 ? 1 : weight.Shape[0], .. Enumerable.Repeat(1L, weight.Shape.Length - 1)]);
    }

    /// <summary>The scales of some rows, in a shape that spreads over them.</summary>
    public Tensor Of(long row, long count)
    {
        if (_block is { } block)
            return _values.index_select(0, Blocks(row, count, block.Rows));
        return _values.shape[0] == 1 ? _values : _values.narrow(0, row, count);
    }

    /// <summary>In which block each of some rows or columns is.</summary>
    private static Tensor Blocks(long first, long count, int side)
    {
        var blocks = new long[count];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = (first + i) / side;
        return tensor(blocks);
    }
}
