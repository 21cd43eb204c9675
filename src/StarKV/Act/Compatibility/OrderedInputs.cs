namespace StarKV.Act.Compatibility;

/// <summary>Inputs by name in the order of first assignment; a later value replaces an earlier one in place.</summary>
internal sealed class OrderedInputs
{
    private readonly List<CompatibilityInput> inputs = [];

    public IReadOnlyList<CompatibilityInput> Items => inputs;

    public void Set(CompatibilityInput input)
    {
        var known = inputs.FindIndex(i => i.Name == input.Name);
        if (known >= 0) inputs[known] = input;
        else inputs.Add(input);
    }
}
