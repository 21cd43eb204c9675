namespace StarKV.Evaluation.Released;

/// <summary>Inputs by name in the order of first assignment; a later value replaces an earlier one in place.</summary>
internal sealed class OrderedInputs
{
    private readonly OrderedDictionary<string, CompatibilityInput> _inputs = new(StringComparer.Ordinal);

    public IReadOnlyList<CompatibilityInput> Items => [.. _inputs.Values];

    public void Set(CompatibilityInput input) => _inputs[input.Name] = input;
}
