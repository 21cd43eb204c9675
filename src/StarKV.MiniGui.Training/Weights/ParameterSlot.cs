namespace StarKV.MiniGui.Training.Weights;

/// <summary>A published tensor: its canonical name and its shape.</summary>
internal sealed record PublishedTensor(string Name, long[] Shape)
{
    public long Numbers => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>Rows of each of a slot's matrices that form matrices of <paramref name="Matrix"/> rows for the optimiser.</summary>
internal readonly record struct MuonPart(long Start, long Rows, long Matrix);

/// <summary>One kind of weight in all layers: published tensors that follow one another in the flat vector.</summary>
/// <param name="Shape">How the model sees them: [layers, …]; one that is there once has 1 layer.</param>
/// <param name="Tensors">The published tensors in order.</param>
internal sealed record ParameterSlot(long[] Shape, IReadOnlyList<PublishedTensor> Tensors)
{
    /// <value>How Muon cuts it into matrices; empty when AdamW trains it.</value>
    public IReadOnlyList<MuonPart> Muon { get; init; } = [];

    /// <value>Its first number in the flat vector.</value>
    public long Offset { get; init; }

    public long Numbers => Tensors.Sum(t => t.Numbers);
}
