namespace StarKV.Evaluation.Released;

/// <summary>Inputs by name in the order of first assignment; a later value replaces an earlier one in place.</summary>
internal sealed class OrderedInputs
{
    private readonly OrderedDictionary<string, CompatibilityInput> inputs = new(StringComparer.Ordinal);

    public IReadOnlyList<CompatibilityInput> Items => [.. inputs.Values];

    public void Set(CompatibilityInput input) => inputs[input.Name] = input;
}
