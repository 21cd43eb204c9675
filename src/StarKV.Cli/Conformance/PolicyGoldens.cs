using System.Text.Json;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Cli.Conformance;

/// <summary>Checks which tokens each method keeps for given queries, keys and inputs, call by call with carried state.</summary>
internal sealed class PolicyGoldens : IVectorKind
{
    private const double Tolerance = 1e-5, WeightTolerance = 1e-4;

    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("cases", out var cases) && cases.ValueKind == JsonValueKind.Array
        && cases.EnumerateArray().Any(c => c.TryGetProperty("policy", out _) && c.TryGetProperty("calls", out _));

    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var folder = Path.GetDirectoryName(path)!;
        foreach (var test in root.GetProperty("cases").EnumerateArray())
        {
            var (name, policy) = (test.GetProperty("name").GetString()!, test.GetProperty("policy").GetString()!);
            yield return policy == "starkv"
                ? CaseResult.Of("policy", name, StarKvCase(Path.Combine(folder, test.GetProperty("file").GetString()!), test))
                : CaseResult.Missing("policy", name, $"the method {policy.Replace('_', '-')} is not built yet");
        }
    }

    private static string? StarKvCase(string file, JsonElement test)
    {
        using var scope = NewDisposeScope();
        using var vectors = new VectorFile(file);
        using var memory = new LayerMemory();
        var parameters = test.GetProperty("params");
        var method = new StarKv(ReferenceOptions.Read(parameters));
        var budget = KvBudget.Keep(parameters.GetProperty("kv_cache_budget").GetDouble() / 100);
        var (calls, kvHeads) = (test.GetProperty("calls"), test.GetProperty("num_kv_heads").GetInt32());
        for (var i = 0; i < calls.GetArrayLength(); i++)
        {
            using var step = NewDisposeScope();
            var prefix = calls.GetArrayLength() > 1 ? $"s{i}." : "";
            if (Call(vectors, prefix, method, budget, calls[i], memory, kvHeads) is { } difference)
                return $"call {i}: {difference}";
        }

        return null;
    }

    private static string? Call(VectorFile vectors, string prefix, StarKv method, KvBudget budget, JsonElement call, LayerMemory memory, int kvHeads)
    {
        Tensor Input(string name) => vectors[$"{prefix}in.{name}"].squeeze(0);
        Tensor? Expected(string name) => vectors.Find($"{prefix}out.{name}");

        var (queries, keys, inputs) = (Input("query_tail"), Input("key_states"), Input("hidden_states"));
        var length = (int)keys.shape[1];
        var tokens = Spans(vectors[$"{prefix}in.vision_spans"], length);
        using var shared = new PromptTensors(CPU);
        var (window, kept) = Selector.Split(budget.Capacity(length), method.Window, length);
        var observation = new LayerObservation
        {
            Queries = queries.narrow(1, queries.shape[1] - window, window),
            Keys = keys,
            Values = keys,
            Inputs = inputs,
            Residual = inputs,
            Tokens = tokens,
            Prompt = shared,
            Layer = 0,
        };
        var steps = method.Steps(observation, memory);
        var (_, best) = steps.Score.topk(kept, 0);
        var weights = Expected("w_g") is { } w ? Compare.Floats("w_g", w, steps.Weights, WeightTolerance) : null;
        return Compare.First(
            Compare.Integers("window, kept", [call.GetProperty("window").GetInt64(), call.GetProperty("k_keep").GetInt64()], [window, kept]),
            Floats("attn_cache", steps.Attention), Floats("S", steps.Groups), Floats("MI", steps.Information), weights,
            Floats("lambda_eff", tensor((float)steps.Lambda)), Floats("scaled_mi", steps.WithPrior), Floats("stability", steps.Stability),
            Floats("D", steps.Discount), Floats("scaled_temporal", steps.WithDiscount), Floats("aeb_temperature", steps.Temperature),
            Floats("score_final", steps.Score),
            Compare.Integers("kept_indices", [.. Expected("kept_indices")!.Longs().Order()], [.. best.Longs().Order()]),
            Gathered("compressed_k", keys, best, window), Gathered("compressed_v", vectors.Find($"{prefix}in.value_states")?.squeeze(0), best, window));

        string? Floats(string name, Tensor? actual) =>
            Expected(name) is { } expected && actual is not null ? Compare.Floats(name, expected, actual, Tolerance) : null;

        // The compressed cache is a gather of the kept tokens and the window; as sets of rows, since only the kept set is specified.
        string? Gathered(string name, Tensor? whole, Tensor indices, int tail)
        {
            if (Expected(name) is not { } expected || whole is null)
                return null;
            using var layer = new Cache.KvLayer(whole, whole, cat([indices.sort(0).Values, arange(length - tail, length, ScalarType.Int64)]).unsqueeze(0), 0);
            var reference = Expected("kept_indices")!.argsort();
            var past = expected.squeeze(0).narrow(1, 0, reference.shape[0]).index_select(1, reference);
            var ordered = cat([past, expected.squeeze(0).narrow(1, reference.shape[0], tail)], 1);
            return Compare.Floats(name, ordered, layer.PeekKeys(), Tolerance);
        }
    }

    /// <summary>A prompt of a given length with screenshots at given spans; ids and true grids do not matter to the reference preset.</summary>
    private static TokenMap Spans(Tensor spans, int length)
    {
        var edges = spans.Longs();
        var frames = Enumerable.Range(0, edges.Length / 2)
            .Select(i => new FrameSpan((int)edges[2 * i], (int)edges[2 * i + 1], 1, (int)(edges[2 * i + 1] - edges[2 * i]))).ToList();
        var classes = new TokenClass[length];
        foreach (var frame in frames)
            classes.AsSpan(frame.Start, frame.Length).Fill(TokenClass.Vision);
        return new TokenMap(new int[length], classes, frames);
    }
}
