using System.Text.Json;
using StarKV.Text;

namespace StarKV.Conformance;

/// <summary>Rotary positions of prompts drawn as a string of T (text) and I (image).</summary>
internal sealed class MRopeVectorCases : IVectorKind
{
    private const string Group = "mrope";
    private const int Text = 0, Image = 1;

    /// <inheritdoc />
    public bool Recognises(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("mrope", out _);

    /// <inheritdoc />
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
        root.Each(
            "mrope", Group, (item, _) => item.Text("tokens"), (item, tokens) => CaseResult.Of(Group, tokens, Difference(tokens, item)));

    private static string? Difference(string tokens, JsonElement item)
    {
        // The grids of the file count patches; two by two of them merge.
        var grids = item.List("grid_thw").Select(grid => new MergedGrid(grid[1].GetInt32() / 2, grid[2].GetInt32() / 2));
        var map = TokenMap.OfIds([.. tokens.Select(c => c == 'I' ? Image : Text)], Image, [.. grids]);
        var positions = MRopePositions.Compute(map);
        return Compare.First(
            Compare.Integers("t", item.Member("t").Longs(), positions.Time.ToArray()),
            Compare.Integers("h", item.Member("h").Longs(), positions.Height.ToArray()),
            Compare.Integers("w", item.Member("w").Longs(), positions.Width.ToArray()),
            Compare.Integers("delta", [item.Long("delta")], [positions.Delta]),
            Compare.Integers("next_position", [item.Long("next_position")], [positions.NextPosition]));
    }
}
