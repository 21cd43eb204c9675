using System.Text.Json;
using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Layers;
using StarKV.Models.Qwen3Vl;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Conformance.Qwen3Vl;

/// <summary>Small tables: places and weights of the learned positions, axes and frequencies of channels, positions of prompts.</summary>
internal sealed class Qwen3VlTables : IVectorKind
{
    private const string Group = "qwen3vl-tables";
    private const int Merge = 2, Text = 0, Image = 1;
    private const double Tolerance = 1e-6;

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("position_table", out _) && root.TryGetProperty("rotary_axes", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
    [
        .. root.Member("position_table").Each(
            "cases", Group, (test, _) => $"positions of {test.Member("grid")} in {test.Whole("side")}",
            (test, name) => CaseResult.Of(Group, name, PositionTable(test))),
        .. root.Member("rotary_axes").Each(
            "cases", Group, (test, _) => $"axes of {test.Member("mrope_section")}", (test, name) => CaseResult.Of(Group, name, Axes(test))),
        .. root.Each(
            "vision_inv_freq", Group, (test, _) => $"vision frequencies of {test.Whole("head_dim")}",
            (test, name) => CaseResult.Of(Group, name, VisionFrequencies(test))),
        .. root.Member("rope_positions").Each(
            "cases", Group, (test, i) => $"positions of prompt {i}", (test, name) => CaseResult.Of(Group, name, Positions(test))),
    ];

    private static string? PositionTable(JsonElement test)
    {
        using var scope = NewDisposeScope();
        var (size, side) = (test.Member("grid").Longs(), test.Whole("side"));
        var grid = new PatchGrid((int)size[1], (int)size[2], MergeSize: Merge);
        var (rows, columns) = PatchPlaces.Of(arange(grid.Tokens, ScalarType.Int64), grid.Columns, Merge);
        var places = PositionGrid.Of(rows, columns, grid.Height, grid.Width, side);
        var shown = tensor(test.Member("rows").Longs());
        return Compare.First(
            Compare.Integers(
                "row_column", [.. test.List("row_column").SelectMany(pair => pair.Longs())],
                stack([rows.index_select(0, shown), columns.index_select(0, shown)], 1).Longs()),
            Compare.Integers(
                "indices", [.. test.List("indices").SelectMany(four => four.Longs())],
                places.Entries.index_select(1, shown).transpose(0, 1).Longs()),
            Compare.Floats("weights", Numbers(test.List("weights").SelectMany(four => four.EnumerateArray())),
                places.Weights.index_select(1, shown).transpose(0, 1).reshape(-1), Tolerance),
            Compare.Integers("index_sum", [test.Long("index_sum")], [places.Entries.sum().item<long>()]),
            Compare.Floats("weight_sum", tensor(test.Number("weight_sum")), places.Weights.to(ScalarType.Float64).sum(), Tolerance));
    }

    private static string? Axes(JsonElement test)
    {
        using var scope = NewDisposeScope();
        var (dim, section) = (test.Whole("head_dim"), test.Member("mrope_section").Longs());
        var text = ModelRegistry.Shape("qwen3-vl-8b").Text with { HeadDim = dim, MropeSection = [.. section.Select(n => (int)n)] };
        // Both halves of the channels turn with the same axes.
        return Compare.First(
            Compare.Integers("axis_of_channel", test.Member("axis_of_channel").Longs(), [.. text.RotaryAxes, .. text.RotaryAxes]),
            Compare.Floats("inv_freq", Numbers(test.List("inv_freq")), RotaryFrequencies.Of(test.Number("rope_theta"), dim), Tolerance));
    }

    private static string? VisionFrequencies(JsonElement test)
    {
        using var scope = NewDisposeScope();
        var theta = new Qwen3VlVisionConfig().RopeTheta;
        return Compare.Floats(
            "inv_freq", Numbers(test.List("inv_freq")), RotaryFrequencies.Of(theta, test.Whole("head_dim") / 2), Tolerance);
    }

    private static string? Positions(JsonElement test)
    {
        var (ids, grids) = (new List<int>(), new List<MergedGrid>());
        foreach (var part in test.List("parts"))
        {
            if (part.ValueKind == JsonValueKind.Number)
            {
                ids.AddRange(Enumerable.Repeat(Text, part.GetInt32()));
                continue;
            }

            var (rows, columns) = part.Size("merged_grid");
            grids.Add(new MergedGrid(rows, columns));
            ids.AddRange([Text, .. Enumerable.Repeat(Image, rows * columns), Text]);
        }

        var positions = MRopePositions.Compute(TokenMap.OfIds([.. ids], Image, grids));
        long[][] axes = [positions.Time.ToArray(), positions.Height.ToArray(), positions.Width.ToArray()];
        var shown = test.Member("tokens").Longs();
        return Compare.First(
            Compare.Integers("length", [test.Long("length")], [positions.Length]),
            Compare.Integers("delta", [test.Long("delta")], [positions.Delta]),
            Compare.Integers(
                "positions", [.. test.List("positions").SelectMany(axis => axis.Longs())],
                [.. axes.SelectMany(axis => shown.Select(token => axis[token]))]),
            Compare.Integers("sums", test.Member("sums").Longs(), [.. axes.Select(axis => axis.Sum())]));
    }

    private static Tensor Numbers(IEnumerable<JsonElement> list) => tensor(list.Select(n => n.GetDouble()).ToArray());
}
