using System.Text.Json;
using StarKV.Models;
using StarKV.Models.Layers;
using StarKV.Models.Qwen25Vl;
using static TorchSharp.torch;

namespace StarKV.Conformance.Qwen25Vl;

/// <summary>Window orders, rotary frequencies and cache sizes, from small tables.</summary>
internal sealed class ModelVectorCases : IVectorKind
{
    private const int Window = 4, PatchesPerCell = PatchMatrix.MergeSize * PatchMatrix.MergeSize;

    public bool Recognises(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("windows", out _);

    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        foreach (var result in root.Each(
            "windows", "windows", (test, _) => test.Member("grid_thw").ToString(),
            (test, name) => CaseResult.Of("windows", name, Windows(test))))
            yield return result;
        if (root.TryGetProperty("patch_positions_hw", out var positions))
            yield return CaseResult.Of("rotary", "patch positions", PatchPositions(positions));
        if (root.TryGetProperty("mrope_channels", out var channels))
        {
            var pairs = ModelRegistry.Shape("7b").Text.RotaryAxes;
            yield return CaseResult.Of(
                "rotary", "axis of channels", Compare.Integers("axis", channels.Member("map").Longs(), [.. pairs, .. pairs]));
        }

        if (root.TryGetProperty("text_inv_freq", out var text))
            yield return CaseResult.Of(
                "rotary", "text frequencies",
                Frequencies(text.Member("first_last"), ModelRegistry.Shape("7b").Text.RopeTheta, 128, text.Member("indices").Longs()));
        if (root.TryGetProperty("vision_inv_freq", out var vision))
            yield return CaseResult.Of(
                "rotary", "vision frequencies", Frequencies(vision.Member("values"), VisionTower.RopeTheta, 40, null));
        if (root.TryGetProperty("kv_bytes", out var bytes))
        {
            yield return CaseResult.Of(
                "kv-bytes", "7B",
                Compare.Integers("bytes a token", [bytes.Long("7B_bf16_per_token")], [BytesPerToken(ModelRegistry.Shape("7b"))]));
            yield return CaseResult.Of(
                "kv-bytes", "3B",
                Compare.Integers("bytes a token", [bytes.Long("3B_bf16_per_token")], [BytesPerToken(ModelRegistry.Shape("3b"))]));
        }
    }

    private static string? Windows(JsonElement test)
    {
        var (index, boundaries, full) = (new List<long>(), new List<long> { 0 }, new List<long> { 0 });
        foreach (var grid in test.List("grid_thw"))
        {
            var size = grid.Longs();
            var plan = WindowPlan.Create((int)size[1] / PatchMatrix.MergeSize, (int)size[2] / PatchMatrix.MergeSize, Window);
            var offset = index.Count;
            index.AddRange(plan.RowMajorOrder.Select(c => (long)c + offset));
            foreach (var cells in plan.WindowSizes)
                boundaries.Add(boundaries[^1] + cells * PatchesPerCell);
            full.Add(full[^1] + size[1] * size[2]);
        }

        var inverse = new long[index.Count];
        for (var i = 0; i < inverse.Length; i++)
            inverse[index[i]] = i;
        return Compare.First(
            Compare.Integers("window_index", test.Member("window_index").Longs(), index),
            Compare.Integers("cu_window_seqlens", test.Member("cu_window_seqlens").Longs(), boundaries),
            Compare.Integers("cu_seqlens_full", test.Member("cu_seqlens_full").Longs(), full),
            Compare.Integers("inverse", test.Member("inverse").Longs(), inverse));
    }

    private static string? PatchPositions(JsonElement test)
    {
        using var scope = NewDisposeScope();
        var grid = test.Member("grid").Longs();
        var cells = grid[1] * grid[2] / PatchesPerCell;
        var (rows, columns) = PatchPlaces.Of(
            arange(cells, ScalarType.Int64), (int)grid[2] / PatchMatrix.MergeSize, PatchMatrix.MergeSize);
        return Compare.Integers("row, column", [.. test.List("rows").SelectMany(r => r.Longs())], stack([rows, columns], 1).Longs());
    }

    private static string? Frequencies(JsonElement expected, double theta, int dimension, long[]? indices)
    {
        using var scope = NewDisposeScope();
        var actual = RotaryFrequencies.Of(theta, dimension);
        return Compare.Floats(
            "frequency", tensor(expected.EnumerateArray().Select(v => v.GetDouble()).ToArray()),
            indices is null ? actual : actual[tensor(indices)], 1e-6);
    }

    private static long BytesPerToken(ModelConfig config) => 2L * config.Text.Layers * config.Text.KvHeads * config.Text.HeadDim * 2;
}
