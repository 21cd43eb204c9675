namespace StarKV.Server.Wire;

/// <summary>The loaded models.</summary>
internal sealed record ModelList(IReadOnlyList<ModelCard> Data)
{
    /// <value>What it is.</value>
    public string Object { get; } = "list";
}

/// <summary>A loaded model.</summary>
internal sealed record ModelCard(string Id, long Created)
{
    /// <value>What it is.</value>
    public string Object { get; } = "model";

    /// <value>Whose it is.</value>
    public string OwnedBy { get; } = "starkv";
}
