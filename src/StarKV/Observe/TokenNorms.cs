using static TorchSharp.torch;

namespace StarKV.Observe;

/// <summary>The L2 norms of the vectors that enter a layer, computed for the tokens that are asked for.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
public sealed class TokenNorms : IDisposable
{
    private readonly Tensor _inputs, _residual;
    private readonly int _firstRow;

    /// <summary>Norms of given vectors, borrowed.</summary>
    /// <param name="inputs">The attention's input, after the layer's norm, [n, D].</param>
    /// <param name="residual">The residual stream before the layer's norm, [n, D].</param>
    /// <param name="firstRow">
    /// The row of the first vector: 0 (default) in a prefill, the first new one in a step, for the inputs of kept rows are gone.
    /// </param>
    public TokenNorms(Tensor inputs, Tensor residual, int firstRow = 0) => (_inputs, _residual, _firstRow) = (inputs, residual, firstRow);

    /// <summary>The row of the first vector: earlier ones are gone.</summary>
    internal int FirstRow => _firstRow;

    /// <summary>True when the vectors themselves are there, false when only their norms are left.</summary>
    internal bool HasVectors => _inputs.shape[1] > 1;

    /// <summary>
    /// The norms of <paramref name="count"/> rows from <paramref name="start"/> on, [count], float32; the caller owns them.
    /// </summary>
    public Tensor Of(NormSource source, long start, long count) => Rows(source, start, count).to(ScalarType.Float32).norm(1);

    /// <summary>
    /// The vectors of <paramref name="count"/> rows from <paramref name="start"/>
    /// on, a view; of a layer that was held back, their norms [count, 1].
    /// </summary>
    internal Tensor Rows(NormSource source, long start, long count) => Peek(source).narrow(0, start - _firstRow, count);

    /// <summary>All the vectors themselves, borrowed.</summary>
    internal Tensor Peek(NormSource source) => source == NormSource.Input ? _inputs : _residual;

    /// <summary>The norms alone, without the vectors, in the caller's dispose scope: the norm of a norm is itself.</summary>
    internal TokenNorms Held() => new(All(NormSource.Input), All(NormSource.Residual), _firstRow);

    /// <summary>Frees the tensors: for the owner of a held copy.</summary>
    public void Dispose()
    {
        _inputs.Dispose();
        _residual.Dispose();
    }

    private Tensor All(NormSource source)
    {
        using var scope = NewDisposeScope();
        return Of(source, _firstRow, Peek(source).shape[0]).unsqueeze(1).MoveToOuterDisposeScope();
    }
}
