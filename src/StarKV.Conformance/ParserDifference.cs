using System.Text.Json;
using StarKV.Evaluation.Released;

namespace StarKV.Conformance;

/// <summary>Compares what a reproduced parser returns with a vector.</summary>
internal static class ParserDifference
{
    /// <summary>The first difference in words, or null. Exceptions are compared by name.</summary>
    /// <param name="expected"><c>{raises}</c>, <c>{actions: […]}</c> or <c>{parsed: […]}</c>.</param>
    /// <param name="actual">What our parser returned.</param>
    public static string? Between(JsonElement expected, CompatibilityAnswer actual)
    {
        if (expected.TryGetProperty("raises", out var raises))
            return Differ("raises", raises.GetString(), actual.Error?.Exception);
        if (actual.Error is { } error) return $"expected records, got {error.Exception}: {error.Message}";

        var records = expected.TryGetProperty("parsed", out var parsed) ? parsed : expected.Member("actions");
        if (records.GetArrayLength() != actual.Records.Count)
            return $"records: expected {records.GetArrayLength()}, got {actual.Records.Count}";
        return records.EnumerateArray().Zip(actual.Records, Record).FirstOrDefault(difference => difference is not null);
    }

    private static string? Record(JsonElement expected, CompatibilityRecord actual) =>
        Differ("action_type", expected.TextOrNull("action_type"), actual.ActionType)
        ?? Differ("thought", expected.TextOrNull("thought"), actual.Thought)
        ?? Differ("reflection", expected.TextOrNull("reflection"), actual.Reflection)
        ?? Inputs(expected.Member("action_inputs"), actual.ActionInputs);

    private static string? Inputs(JsonElement expected, IReadOnlyList<CompatibilityInput> actual)
    {
        var names = string.Join(", ", expected.EnumerateObject().Select(p => p.Name));
        return Differ("inputs", names, string.Join(", ", actual.Select(i => i.Name)))
            ?? expected.EnumerateObject().Zip(actual, Input).FirstOrDefault(difference => difference is not null);
    }

    private static string? Input(JsonProperty expected, CompatibilityInput actual)
    {
        if (expected.Value.ValueKind is not JsonValueKind.Array)
            return Differ(expected.Name, expected.Value.GetString(), actual.Text);
        var numbers = expected.Value.EnumerateArray().Select(n => n.ValueKind is JsonValueKind.Null ? double.NaN : n.GetDouble());
        return Differ(expected.Name, List(numbers), actual.Coordinates is { } got ? List(got) : actual.Text);
    }

    // Adding zero turns a negative zero into the zero that JSON has.
    private static string List(IEnumerable<double> numbers) => $"[{string.Join(", ", numbers.Select(n => n + 0.0))}]";

    private static string? Differ(string what, string? expected, string? actual) =>
        expected == actual ? null : $"{what}: expected {Show(expected)}, got {Show(actual)}";

    private static string Show(string? text) => text is null ? "null" : $"\"{text}\"";
}
