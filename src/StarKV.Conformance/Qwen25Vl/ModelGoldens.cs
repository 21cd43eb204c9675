using System.Text.Json;
using StarKV.Budget;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Conformance.Qwen25Vl;

/// <summary>Checks a small model's every stage, its greedy answers, and its answers on compressed caches.</summary>
/// <param name="compute">Where the model runs.</param>
internal sealed class ModelGoldens(Func<Compute> compute) : IVectorKind
{
    private const double Tolerance = 1e-4;

    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("e2e", out _) && root.TryGetProperty("cases", out _);

    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var folder = Path.GetDirectoryName(path)!;
        var where = compute();
        if (where.DType == ScalarType.BFloat16)
        {
            yield return CaseResult.Missing("model", Path.GetFileName(folder), ModelRun.NoDeviation);
            yield break;
        }

        using var model = ModelRegistry.Load(folder, where);
        if (File.Exists(Path.Combine(folder, "config_hub_style.json")))
            yield return CaseResult.Of("model", "config_hub_style", ModelRun.ConfigDifference(folder));
        foreach (var result in root.Each(
            "cases", "model", Name, (test, name) => CaseResult.Of("model", name, ModelCase(model, folder, test))))
            yield return result;
        foreach (var result in root.Each("e2e", "e2e", Name, (test, name) => EndToEnd(model, folder, test, name)))
            yield return result;

        static string Name(JsonElement test, int _) => test.Text("name");
    }

    private static CaseResult EndToEnd(IVisionLanguageModel model, string folder, JsonElement test, string name)
    {
        var policy = test.Text("policy");
        return ReleasedOptions.Method(policy, test.Member("flags")) is { } method
            ? CaseResult.Of("e2e", name, EndToEndCase(model, folder, test, method))
            : CaseResult.Missing("e2e", name, $"the method {policy.Replace('_', '-')} is not built yet");
    }

    private static string? ModelCase(IVisionLanguageModel model, string folder, JsonElement test)
    {
        using var scope = NewDisposeScope();
        using var vectors = new VectorFile(Path.Combine(folder, test.Text("file")));
        var vision = new VisionStages(((Qwen25VlModel)model).Vision, vectors);
        var prompt = ModelRun.Prompt(model, vectors);
        var positions = MRopePositions.Compute(prompt);

        var text = new Dictionary<string, Tensor>();
        using var prefill = new PrefillRunner(model.Text)
            .Run(
                prompt, vision.Embeddings, Compression.None, trace: (stage, value) => text[stage] = value.clone().DetachFromDisposeScope());
        var last = text[$"layer{model.Text.Layers - 1}"];
        var all = model.Text.Logits(last);
        var (tokens, logits) = ModelRun.Greedy(model, prefill, (int)vectors["out.greedy_tokens"].numel());
        return Compare.First(
        [
            Compare.Integers("window_index", vectors["out.window_index"].Longs(), vision.WindowIndex),
            Compare.Integers("cu_window_seqlens", vectors["out.cu_window_seqlens"].Longs(), vision.WindowBoundaries),
            .. vision.Stages.Select(stage => Stage($"vision.{stage.Key}", stage.Value)),
            Compare.Floats(
                "image_embeds", vectors["out.image_embeds"], cat([.. vision.Embeddings.Select(e => e.Embeddings)], 0), Tolerance),
            Compare.Integers("position_ids", vectors["out.position_ids"].Longs(), positions.Flat.ToArray()),
            Compare.Integers("rope_delta", vectors["out.rope_delta"].Longs(), [positions.Delta]),
            .. text.Select(stage => Stage($"text.{stage.Key}", stage.Value)),
            Stage("text.norm", model.Text.Norm(last)),
            Compare.Floats("logits", vectors["out.logits"], all.index_select(0, vectors["out.logits_positions"]), Tolerance),
            Compare.Integers("argmax", vectors["out.argmax"].Longs(), all.argmax(1).Longs()),
            Compare.Floats(
                "greedy_logits", vectors["out.greedy_logits"], logits.narrow(0, 0, vectors["out.greedy_logits"].shape[0]), Tolerance),
            Compare.Integers("greedy_tokens", vectors["out.greedy_tokens"].Longs(), tokens),
        ]);

        // Not every case stores every stage.
        string? Stage(string name, Tensor actual) =>
            vectors.Find($"out.{name}") is { } expected ? Compare.Floats(name, expected, actual, Tolerance) : null;
    }

    private static string? EndToEndCase(IVisionLanguageModel model, string folder, JsonElement test, ICompressionMethod method)
    {
        using var scope = NewDisposeScope();
        using var inputs = new VectorFile(Path.Combine(folder, test.Text("inputs_from") + ".safetensors"));
        using var vectors = new VectorFile(Path.Combine(folder, test.Text("file")));
        var compression = new Compression(method, KvBudget.Keep(test.Number("kv_cache_budget") / 100));
        using var prefill = new PrefillRunner(model.Text)
            .Run(ModelRun.Prompt(model, inputs), new VisionStages(((Qwen25VlModel)model).Vision, inputs).Embeddings, compression);
        var kept = Enumerable.Range(0, model.Text.Layers).Select(layer =>
        {
            // The vectors list the past only, best first; the cache holds it ascending, then the window.
            var stored = vectors[$"out.kept_indices.layer{layer}"];
            var expected = stored.dim() == 1 ? stored.unsqueeze(0) : stored;
            var actual = Enumerable.Range(0, (int)expected.shape[0])
                .SelectMany(head => prefill.Cache.Rows(layer, head).Take((int)expected.shape[1]).Select(row => (long)row.Token));
            return Compare.Integers($"kept_indices.layer{layer}", sort(expected, 1).values.Longs(), [.. actual]);
        }).ToList();
        var (tokens, logits) = ModelRun.Greedy(model, prefill, (int)vectors["out.greedy_tokens"].numel());
        return Compare.First(
        [
            .. kept,
            Compare.Floats(
                "greedy_logits", vectors["out.greedy_logits"], logits.narrow(0, 0, vectors["out.greedy_logits"].shape[0]), Tolerance),
            Compare.Integers("greedy_tokens", vectors["out.greedy_tokens"].Longs(), tokens),
        ]);
    }

    /// <summary>The vision tower's stages for all images of a case, in the published window order.</summary>
    private sealed class VisionStages
    {
        public VisionStages(VisionTower tower, VectorFile vectors)
        {
            var grids = vectors["in.image_grid_thw"].Longs();
            var pixels = vectors["in.pixel_values_q"].to(ScalarType.Float32) / 40;
            var stages = new Dictionary<string, List<Tensor>>();
            long row = 0, cell = 0;
            for (var i = 0; i < grids.Length; i += 3)
            {
                var grid = new PatchGrid((int)grids[i + 1], (int)grids[i + 2]);
                var plan = tower.Plan(grid);
                Embeddings.Add(new ScreenFeatures(tower.Encode(pixels.narrow(0, row, grid.Patches).unsqueeze(0), grid, (stage, value) =>
                {
                    if (!stages.TryGetValue(stage, out var parts))
                        stages[stage] = parts = [];
                    parts.Add(Published(value[0], stage, plan, grid).DetachFromDisposeScope());
                })[0]));
                WindowIndex.AddRange(plan.RowMajorOrder.Select(c => c + cell));
                foreach (var size in plan.WindowSizes)
                    WindowBoundaries.Add(WindowBoundaries[^1] + (long)size * grid.Patches / grid.Tokens);
                row += grid.Patches;
                cell += grid.Tokens;
            }

            foreach (var (stage, parts) in stages)
            {
                Stages[stage] = cat(parts, 0);
                parts.ForEach(p => p.Dispose());
            }
        }

        public List<ScreenFeatures> Embeddings { get; } = [];

        public Dictionary<string, Tensor> Stages { get; } = [];

        public List<long> WindowIndex { get; } = [];

        public List<long> WindowBoundaries { get; } = [0];

        /// <summary>Rows in the engine's window order, put into the published one; the patch embedding comes before both.</summary>
        private static Tensor Published(Tensor value, string stage, WindowPlan plan, PatchGrid grid)
        {
            if (stage == "patch_embed")
                return value.clone();
            var place = new long[grid.Tokens];
            for (var i = 0; i < place.Length; i++)
                place[plan.Order[i]] = i;
            var order = tensor(plan.RowMajorOrder.Select(c => place[c]).ToArray());
            return value.view(grid.Tokens, -1, value.shape[1]).index_select(0, order).reshape(value.shape);
        }
    }
}
