using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Models;

/// <summary>What a vision tower gives to the text decoder for one screenshot; the holder owns the tensors.</summary>
/// <param name="Embeddings">Embeddings of its merged cells, row by row, in place of the image tokens': [cells, D].</param>
/// <param name="LayerAdditions">
/// What is added to the residual stream at the image tokens after decoder layer 0, 1, …, [cells, D] each; default none.
/// </param>
/// <remarks>Additions after layers: Qwen3-VL's deepstack features, arXiv 2511.21631.</remarks>
[Experimental("STARKV001")]
public sealed record ScreenFeatures(Tensor Embeddings, IReadOnlyList<Tensor> LayerAdditions) : IDisposable
{
    /// <summary>Embeddings alone, [cells, D].</summary>
    public ScreenFeatures(Tensor embeddings) : this(embeddings, [])
    {
    }

    /// <summary>Bytes of the tensors.</summary>
    public long Bytes => Tensors.Sum(t => t.NumberOfElements * t.ElementSize);

    internal IEnumerable<Tensor> Tensors => LayerAdditions.Prepend(Embeddings);

    /// <summary>Features whose tensors are made from these, one by one.</summary>
    internal ScreenFeatures Select(Func<Tensor, Tensor> make)
    {
        using var scope = NewDisposeScope();
        var made = new ScreenFeatures(make(Embeddings), [.. LayerAdditions.Select(make)]);
        foreach (var tensor in made.Tensors)
            tensor.MoveToOuterDisposeScope();
        return made;
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{Embeddings.shape[0]} cells of {Embeddings.shape[1]}, {ListText.Count(LayerAdditions.Count, "addition")}";

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
            tensor.Dispose();
    }
}
