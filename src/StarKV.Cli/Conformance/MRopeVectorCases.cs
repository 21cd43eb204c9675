using System.Text.Json;
using StarKV.Text;

namespace StarKV.Cli.Conformance;

/// <summary>Rotary positions of prompts drawn as a string of T (text) and I (image).</summary>
internal sealed class MRopeVectorCases : IVectorKind
{
    private const string Group = "mrope";
    private const int Text = 0, Image = 1;

    /// <inheritdoc />
    public bool Recognises(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("mrope", out _);

    /// <inheritdoc />
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
        root.GetProperty("mrope").EnumerateArray().Select(item =>
        {
            var tokens = item.GetProperty("tokens").GetString()!;
            return CaseResult.Of(Group, tokens, Difference(tokens, item));
        });

    private static string? Difference(string tokens, JsonElement item)
    {
        // The grids of the file count patches; two by two of them merge.
        var grids = item.GetProperty("grid_thw").EnumerateArray().Select(grid => new MergedGrid(grid[1].GetInt32() / 2, grid[2].GetInt32() / 2));
        var map = TokenMap.OfIds([.. tokens.Select(c => c == 'I' ? Image : Text)], Image, [.. grids]);
        var positions = MRopePositions.Compute(map);
        return Compare.First(
            Compare.Integers("t", item.GetProperty("t").Longs(), positions.Time.ToArray()),
            Compare.Integers("h", item.GetProperty("h").Longs(), positions.Height.ToArray()),
            Compare.Integers("w", item.GetProperty("w").Longs(), positions.Width.ToArray()),
            Compare.Integers("delta", [item.GetProperty("delta").GetInt64()], [positions.Delta]),
            Compare.Integers("next_position", [item.GetProperty("next_position").GetInt64()], [positions.NextPosition]));
    }
}
