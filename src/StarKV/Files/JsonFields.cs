using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace StarKV.Files;

/// <summary>Typed access to one JSON object; errors name the file, the field and what it may hold. A null counts as missing.</summary>
[Experimental("STARKV001")]
public sealed class JsonFields(JsonElement element, string source, string prefix)
{
    /// <summary>
    /// The largest size that is read unless the reader knows a closer bound: the product of any two fits 64 bits, eight times it 32.
    /// </summary>
    private const int MaxSize = int.MaxValue >> 4;

    /// <summary>The fields of a row of data.</summary>
    /// <param name="row">The row.</param>
    /// <param name="source">Names it in errors; empty (default) when whoever reads the file does.</param>
    /// <exception cref="StarKvException">The row is not an object.</exception>
    public static JsonFields OfRow(JsonElement row, string source = "") =>
        new(
            IsObject(row)
                ? row
                : throw new StarKvException(
                    $"{(source.Length == 0 ? "it" : source)} is {MessageText.Text(row.GetRawText())}; an object is expected."),
            source,
            "");

    /// <summary>The names of the object's fields, in file order.</summary>
    public IEnumerable<string> Names => element.EnumerateObject().Select(property => property.Name);

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>An object; null when the field is missing.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is what JSON calls it.")]
    public JsonFields? Object(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return Item(name, value);
    }

    /// <summary>A list of objects; empty when the field is missing.</summary>
    public IEnumerable<JsonFields> Objects(string name) =>
        Object(name) is { } parent ? parent.Names.Select(parent.Object).OfType<JsonFields>() : [];

    /// <summary>A text; null when the field is missing.</summary>
    public string? Text(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad(name, value, "a text");
    }

    /// <summary>A field as text, whatever it holds; null when it is missing.</summary>
    public string? AsText(string name) => TryGet(name, out var value) ? value.ToString() : null;

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    /// <summary>An object that must be there.</summary>
    public JsonFields RequiredObject(string name) => Object(name) ?? throw Missing(name);

    /// <summary>A number that must be there.</summary>
    public double RequiredNumber(string name) =>
        TryGet(name, out var value) && IsNumber(value, out var number) ? number : throw Bad(name, "a number");

    /// <summary>A whole number in bounds that must be there.</summary>
    internal long RequiredWhole(string name, long min, long max) => WholeOrNull(name, min, max) ?? throw Missing(name);

    /// <summary>True or false, which must be there.</summary>
    internal bool RequiredFlag(string name) => Has(name) ? Flag(name, false) : throw Missing(name);

    /// <summary>Refuses an object that lacks a field, which may be null, or has others: in a form that only this program writes.</summary>
    internal void HasExactly(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out _))
                throw Missing(name);
        }

        foreach (var name in Names)
        {
            if (!names.Contains(name))
                throw Error($"{prefix}{MessageText.Text(name)} is not a field that is known here.");
        }
    }

    /// <summary>The texts of a list, empty ones for null; none when the list is missing.</summary>
    public IReadOnlyList<string> TextList(string name) =>
        [
            .. Items(name)
                .Select(i =>
                    i.Value.ValueKind switch
                    {
                        JsonValueKind.String => i.Value.GetString()!,
                        JsonValueKind.Null => "",
                        _ => throw Bad(i.Name, i.Value, "a text"),
                    }),
        ];

    /// <summary>The values of a list, whatever they are; none when it is missing.</summary>
    public IReadOnlyList<JsonElement> Values(string name) => [.. Items(name).Select(i => i.Value)];

    /// <summary>The objects of a list; none when it is missing.</summary>
    public IReadOnlyList<JsonFields> List(string name) => [.. Items(name).Select(i => Item(i.Name, i.Value))];

    /// <summary>The objects of a list and of the lists in it, in order; none when it is missing.</summary>
    public IReadOnlyList<JsonFields> Tree(string name) => [.. Leaves(Items(name)).Select(i => Item(i.Name, i.Value))];

    /// <summary>The objects of each list of a list; none when it is missing.</summary>
    public IReadOnlyList<IReadOnlyList<JsonFields>> Lists(string name) =>
        [.. Items(name).Select(i => (IReadOnlyList<JsonFields>)[.. Inner(i.Name, i.Value).Select(j => Item(j.Name, j.Value))])];

    /// <summary>The rows of a table of numbers, each of exactly <paramref name="count"/>; none when it is missing.</summary>
    public IReadOnlyList<ImmutableArray<double>> NumberRows(string name, int count) =>
        [.. Items(name).Select(i => NumbersOf(i.Name, i.Value, count))];

    /// <summary>Every field of an object that holds only texts.</summary>
    public IEnumerable<(string Name, string Value)> Texts() =>
        Names.Select(name => (name, Text(name) ?? throw Error($"{prefix}{MessageText.Text(name)} is null; a text is expected.")));

    /// <summary>True or false; <paramref name="missing"/> when the field is missing.</summary>
    public bool Flag(string name, bool missing)
    {
        if (!TryGet(name, out var value))
            return missing;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Bad(name, value, "true or false");
    }

    /// <summary>A size, from 1 to <paramref name="max"/>.</summary>
    public int Size(string name, int missing, int max = MaxSize) => (int)Whole(name, missing, 1, max);

    /// <summary>A size that must be there.</summary>
    public int RequiredSize(string name, int max = MaxSize) =>
        Has(name)
            ? Size(name, 1, max)
            : throw new StarKvException($"{source} lacks {prefix}{name}, which has no default; take the file of the published model.");

    /// <summary>A whole number in bounds; <paramref name="missing"/> when the field is missing.</summary>
    public long Whole(string name, long missing, long min, long max) => WholeOrNull(name, min, max) ?? missing;

    /// <summary>A whole number in bounds; null when the field is missing.</summary>
    public long? WholeOrNull(string name, long min, long max)
    {
        if (!TryGet(name, out var value))
            return null;
        return IsWhole(value, min, max, out var number) ? number : throw Bad(name, value, $"a whole number from {min} to {max}");
    }

    /// <summary>A number in bounds; <paramref name="missing"/> when the field is missing.</summary>
    public double Number(string name, double missing, double min, double max)
    {
        if (!TryGet(name, out var value))
            return missing;
        return IsNumber(value, out var number) && number >= min && number <= max
            ? number
            : throw Bad(name, value, $"a number from {min} to {max}");
    }

    /// <summary>A list of whole numbers; one bare number counts as a list of one; null when missing.</summary>
    public ImmutableArray<int>? Wholes(string name, int min, int max)
    {
        if (!TryGet(name, out var value))
            return null;
        var list = new List<int>();
        foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : (IEnumerable<JsonElement>)[value])
        {
            if (!IsWhole(item, min, max, out var number))
                throw Bad(name, value, $"whole numbers from {min} to {max}");
            list.Add((int)number);
        }

        return [.. list];
    }

    /// <summary>A list of exactly <paramref name="count"/> numbers; null when missing.</summary>
    public ImmutableArray<double>? Numbers(string name, int count) => TryGet(name, out var value) ? NumbersOf(name, value, count) : null;

    /// <summary>A list of exactly <paramref name="count"/> numbers within bounds; null when missing.</summary>
    public ImmutableArray<double>? Numbers(string name, int count, double min, double max)
    {
        var numbers = Numbers(name, count);
        return numbers is null || numbers.Value.All(n => n >= min && n <= max) ? numbers
            : throw Bad(name, string.Create(CultureInfo.InvariantCulture, $"a list of {count} numbers from {min} to {max}"));
    }

    /// <summary>The error of a sentence, which the source is put in front of.</summary>
    public StarKvException Error(string sentence) => new(source.Length == 0 ? sentence : $"{source}: {sentence}");

    /// <summary>The error of a field that must be there.</summary>
    public StarKvException Missing(string name) => Error($"{prefix}{name} is missing.");

    /// <summary>The error of a field that holds something else than <paramref name="expected"/>.</summary>
    public StarKvException Bad(string name, string expected) => TryGet(name, out var value) ? Bad(name, value, expected) : Missing(name);

    private ImmutableArray<double> NumbersOf(string name, JsonElement value, int count)
    {
        var list = new List<double>();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                list.Add(IsNumber(item, out var number) ? number : double.NaN);
        }

        return list.Count == count && list.TrueForAll(double.IsFinite) ? [.. list] : throw Bad(name, value, $"a list of {count} numbers");
    }

    private IEnumerable<(string Name, JsonElement Value)> Items(string name) => TryGet(name, out var value) ? Inner(name, value) : [];

    private IEnumerable<(string Name, JsonElement Value)> Inner(string name, JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select((value, i) => ($"{name}[{i}]", value))
            : throw Bad(name, list, "a list");

    private IEnumerable<(string Name, JsonElement Value)> Leaves(IEnumerable<(string Name, JsonElement Value)> items) =>
        items.SelectMany(i => i.Value.ValueKind == JsonValueKind.Array ? Leaves(Inner(i.Name, i.Value)) : [i]);

    private JsonFields Item(string name, JsonElement value) =>
        new(IsObject(value) ? value : throw Bad(name, value, "an object"), source, $"{prefix}{name}.");

    /// <summary>An error about this file, its numbers in the invariant culture.</summary>
    public StarKvException Error(InvariantText sentence) => Error(sentence.ToString());

    private bool TryGet(string name, out JsonElement value) =>
        element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static bool IsWhole(JsonElement value, long min, long max, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number) && number >= min && number <= max;
    }

    private static bool IsNumber(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }

    private StarKvException Bad(string name, JsonElement value, InvariantText expected) => Bad(name, value, expected.ToString());

    private StarKvException Bad(string name, JsonElement value, string expected) =>
        Error($"{prefix}{name} is {MessageText.Text(OneLine(value))}; {expected} is expected.");

    // A list may be written over several lines.
    private static string OneLine(JsonElement value) =>
        string.Join(' ', value.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
