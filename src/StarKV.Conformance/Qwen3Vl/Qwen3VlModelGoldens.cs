using System.Text.Json;
using StarKV.Compact;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Conformance.Qwen3Vl;

/// <summary>Checks a small Qwen3-VL model's every stage, its cache and its greedy answers.</summary>
/// <param name="compute">Where the model runs.</param>
internal sealed class Qwen3VlModelGoldens(Func<Compute> compute) : IVectorKind
{
    private const string Group = "qwen3vl-model";

    /// <summary>A swapped GELU moves the logits by 1.3e-4.</summary>
    private const double Tolerance = 5e-5;

    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("family", out var family) && family.ValueEquals("qwen3_vl")
        && root.TryGetProperty("layer_rule", out _) && root.TryGetProperty("cases", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var folder = Path.GetDirectoryName(path)!;
        using var model = ModelRegistry.Load(folder, compute());
        if (File.Exists(Path.Combine(folder, "config_hub_style.json")))
            yield return CaseResult.Of(Group, "config_hub_style", ModelRun.ConfigDifference(folder));
        foreach (var result in root.Each("cases", Group, (test, _) => test.Text("name"), (test, name) => Result(model, folder, test, name)))
            yield return result;
    }

    private static CaseResult Result(IVisionLanguageModel model, string folder, JsonElement test, string name) =>
        model.Compute.DType != ScalarType.BFloat16 ? CaseResult.Of(Group, name, Difference(model, folder, test))
        : test.TryGetProperty("bfloat16_relative", out var deviation)
            ? CaseResult.Of(Group, name, LogitsDifference(model, folder, test, deviation.GetDouble()))
        : CaseResult.Missing(Group, name, ModelRun.NoDeviation);

    /// <summary>Whether the logits after the prompt are as close to those in float32 as the vectors say.</summary>
    private static string? LogitsDifference(IVisionLanguageModel model, string folder, JsonElement test, double deviation)
    {
        using var scope = NewDisposeScope();
        using var vectors = new VectorFile(Path.Combine(folder, test.Text("file")));
        var prompt = ModelRun.Prompt(model, vectors);
        using var prefill = new PrefillRunner(model.Text).Run(prompt, new Qwen3VlStages(model, vectors).Screens, Compression.None);
        return Compare.Floats("logits", vectors["out.logits"].narrow(0, vectors["out.logits"].shape[0] - 1, 1), prefill.Logits, deviation);
    }

    private static string? Difference(IVisionLanguageModel model, string folder, JsonElement test)
    {
        using var scope = NewDisposeScope();
        using var vectors = new VectorFile(Path.Combine(folder, test.Text("file")));
        var vision = new Qwen3VlStages(model, vectors);
        var prompt = ModelRun.Prompt(model, vectors);
        var positions = MRopePositions.Compute(prompt);
        var angles = model.Text.Rotary.Angles(tensor(positions.Flat.ToArray()).view(3, positions.Length));
        var asked = vectors["out.logits_positions"];

        var text = new Dictionary<string, Tensor>();
        using var prefill = new PrefillRunner(model.Text)
            .Run(
                prompt, vision.Screens, Compression.None, trace: (stage, value) => text[stage] = value.clone().DetachFromDisposeScope());
        var last = text[$"layer{model.Text.Layers - 1}"];
        // Before decoding, which adds rows.
        var cache = new[] { 0, model.Text.Layers - 1 }.SelectMany(layer => Cache(prefill, layer)).ToList();
        var (tokens, logits) = ModelRun.Greedy(model, prefill, (int)vectors["out.greedy_tokens"].numel());
        return Compare.First(
        [
            .. vision.Stages.Select(stage => Stage(stage.Key, stage.Value)),
            Whole("position_ids", () => positions.Flat.ToArray()),
            Whole("rope_delta", () => [positions.Delta]),
            Stage("text.cos", angles.Cos),
            // The engine's sines are negative in the first half of the channels.
            Stage("text.sin", cat([-angles.Sin.chunk(2, 1)[0], angles.Sin.chunk(2, 1)[1]], 1)),
            Stage("text.inputs_embeds", text["inputs_embeds"]),
            .. Enumerable.Range(0, model.Text.Layers).SelectMany(layer => Layer(layer)),
            Stage("text.norm", model.Text.Norm(last)),
            .. cache,
            Stage("logits", model.Text.Logits(last.index_select(0, asked.to(last.device)))),
            Whole("argmax", () => model.Text.Logits(last).argmax(1).Longs()),
            Compare.Floats(
                "greedy_logits", vectors["out.greedy_logits"], logits.narrow(0, 0, vectors["out.greedy_logits"].shape[0]), Tolerance),
            Compare.Integers("greedy_tokens", vectors["out.greedy_tokens"].Longs(), tokens),
        ]);

        // Not every case stores every stage.
        string? Stage(string name, Tensor actual) =>
            vectors.Find($"out.{name}") is { } expected ? Compare.Floats(name, expected, actual, Tolerance) : null;

        string? Whole(string name, Func<long[]> actual) =>
            vectors.Find($"out.{name}") is { } expected ? Compare.Integers(name, expected.Longs(), actual()) : null;

        // What the engine shows of a layer has the screenshots' features added already.
        IEnumerable<string?> Layer(int layer)
        {
            var (name, after) = ($"text.layer{layer}", text[$"layer{layer}"]);
            if (vision.Screens.Count == 0 || layer >= vision.Screens[0].LayerAdditions.Count)
                return [Stage(name, after)];
            var before = after.clone();
            foreach (var (frame, screen) in prompt.Frames.Zip(vision.Screens))
                before.narrow(0, frame.Start, frame.Length).sub_(screen.LayerAdditions[layer]);
            return [Stage(name, before), Stage(name + "_deepstack", after)];
        }

        IEnumerable<string?> Cache(PrefillResult read, int layer) =>
        [
            Stage($"cache.layer{layer}.keys", read.Cache.Layers[layer].PeekKeys()),
            Stage($"cache.layer{layer}.values", read.Cache.Layers[layer].PeekValues()),
        ];
    }
}
