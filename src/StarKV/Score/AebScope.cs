namespace StarKV.Score;

/// <summary>Whose attention entropy sets a temperature.</summary>
public enum AebScope
{
    /// <summary>The layer's: as published. One temperature per layer cannot change which tokens are kept, ties apart.</summary>
    Layer,

    /// <summary>Each query head's own, before the heads are averaged: an extension, which can change the selection.</summary>
    Head,

    /// <summary>
    /// The layer's, which moves capacity between the layers at a fixed total: an extension, see <see cref="Score.EntropyBudget"/>.
    /// </summary>
    LayerBudget,
}
