namespace StarKV.Act;

/// <summary>What a value of a tool call is.</summary>
internal enum LooseKind
{
    Null,
    Flag,
    Number,
    Text,
    List,
    Object,
}

/// <summary>A value that <see cref="LooseJson"/> read.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Raw">The value as written.</param>
/// <param name="Text">For a text its characters, escapes resolved; else <paramref name="Raw"/>.</param>
internal sealed record LooseValue(LooseKind Kind, string Raw, string Text)
{
    /// <summary>The items of a list.</summary>
    public IReadOnlyList<LooseValue> Items { get; init; } = [];

    /// <summary>The fields of an object in the order written; a name may come twice.</summary>
    public IReadOnlyList<(string Name, LooseValue Value)> Fields { get; init; } = [];

    /// <summary>The value of a field, the last one of its name as in JSON; null without one and where it is null.</summary>
    public LooseValue? Field(string name) =>
        Fields.LastOrDefault(f => f.Name == name).Value is { Kind: not LooseKind.Null } value ? value : null;
}
