using System.Collections.Immutable;
using System.Text.Json;

namespace StarKV.Weights;

/// <summary>Typed access to one JSON object; errors name the file, the field and what it may hold. A null counts as missing.</summary>
internal sealed class JsonFields(JsonElement element, string source, string prefix)
{
    /// <summary>The names of the object's fields, in file order.</summary>
    public IEnumerable<string> Names => element.EnumerateObject().Select(property => property.Name);

    public bool Has(string name) => TryGet(name, out _);

    public JsonFields? Object(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            throw Bad(name, value, "an object");
        return new JsonFields(value, source, $"{prefix}{name}.");
    }

    public IEnumerable<JsonFields> Objects(string name) =>
        Object(name) is { } parent ? parent.Names.Select(parent.Object).OfType<JsonFields>() : [];

    public string? Text(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad(name, value, "a text");
    }

    /// <summary>Every field of an object that holds only texts.</summary>
    public IEnumerable<(string Name, string Value)> Texts() =>
        Names.Select(name => (name, Text(name) ?? throw Error($"{prefix}{Shown.Text(name)} is null; a text is expected.")));

    public bool Flag(string name, bool missing)
    {
        if (!TryGet(name, out var value))
            return missing;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Bad(name, value, "true or false");
    }

    public int Size(string name, int missing) => (int)Whole(name, missing, 1, int.MaxValue >> 4);

    public int RequiredSize(string name) =>
        Has(name) ? Size(name, 1) : throw new StarKvException($"{source} lacks {prefix}{name}, which has no default; take the file of the published model.");

    public long Whole(string name, long missing, long least, long most) => WholeOrNull(name, least, most) ?? missing;

    public long? WholeOrNull(string name, long least, long most)
    {
        if (!TryGet(name, out var value))
            return null;
        return IsWhole(value, least, most, out var number) ? number : throw Bad(name, value, $"a whole number from {least} to {most}");
    }

    public double Number(string name, double missing, double least, double most)
    {
        if (!TryGet(name, out var value))
            return missing;
        return IsNumber(value, out var number) && number >= least && number <= most
            ? number
            : throw Bad(name, value, $"a number from {least} to {most}");
    }

    /// <summary>A list of whole numbers; one bare number counts as a list of one; null when missing.</summary>
    public ImmutableArray<int>? Wholes(string name, int least, int most)
    {
        if (!TryGet(name, out var value))
            return null;
        var list = new List<int>();
        foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : (IEnumerable<JsonElement>)[value])
        {
            if (!IsWhole(item, least, most, out var number))
                throw Bad(name, value, $"whole numbers from {least} to {most}");
            list.Add((int)number);
        }

        return [.. list];
    }

    /// <summary>A list of exactly <paramref name="count"/> numbers; null when missing.</summary>
    public ImmutableArray<double>? Numbers(string name, int count)
    {
        if (!TryGet(name, out var value))
            return null;
        var list = new List<double>();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                list.Add(IsNumber(item, out var number) ? number : double.NaN);
        }

        return list.Count == count && list.TrueForAll(double.IsFinite) ? [.. list] : throw Bad(name, value, $"a list of {count} numbers");
    }

    public StarKvException Error(string sentence) => new($"{source}: {sentence}");

    /// <summary>An error about this file, its numbers in the invariant culture.</summary>
    public StarKvException Error(InvariantText sentence) => Error(sentence.ToString());

    private bool TryGet(string name, out JsonElement value) =>
        element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static bool IsWhole(JsonElement value, long least, long most, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number) && number >= least && number <= most;
    }

    private static bool IsNumber(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }

    private StarKvException Bad(string name, JsonElement value, InvariantText expected) => Bad(name, value, expected.ToString());

    private StarKvException Bad(string name, JsonElement value, string expected) =>
        new($"{source}: {prefix}{name} is {Shown.Text(value.GetRawText())}; {expected} is expected.");
}
