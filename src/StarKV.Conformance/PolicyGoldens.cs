using System.Text.Json;
using StarKV.Budget;
using StarKV.Cache;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Conformance;

/// <summary>Checks which tokens each method keeps for given queries, keys and inputs, call by call with carried state.</summary>
internal sealed class PolicyGoldens : IVectorKind
{
    private const double Tolerance = 1e-5, WeightTolerance = 1e-4;

    /// <summary>The values on STaR-KV's way to a score: what the vectors call them, and what the method does.</summary>
    private static readonly (string Vector, string Ours, double Tolerance)[] s_steps =
    [
        ("attn_cache", "Attention", Tolerance), ("S", "Groups", Tolerance), ("MI", "Information", Tolerance),
        ("w_g", "Weights", WeightTolerance), ("lambda_eff", "Lambda", Tolerance), ("scaled_mi", "WithPrior", Tolerance),
        ("stability", "Stability", Tolerance), ("D", "Discount", Tolerance), ("scaled_temporal", "WithDiscount", Tolerance),
        ("aeb_temperature", "Temperature", Tolerance), ("score_final", "Score", Tolerance),
    ];

    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
            && !root.TryGetProperty("e2e", out _)
            && root.TryGetProperty("cases", out var cases)
            && cases.ValueKind == JsonValueKind.Array
        && cases.EnumerateArray()
            .Any(c => c.ValueKind == JsonValueKind.Object && (c.TryGetProperty("policy", out _) || c.TryGetProperty("calls", out _)));

    public IEnumerable<CaseResult> Run(string path, JsonElement root)
    {
        var folder = Path.GetDirectoryName(path)!;
        return root.Each("cases", "policy", (test, _) => test.Text("name"), (test, name) =>
        {
            var policy = test.Text("policy");
            return ReleasedOptions.Method(policy, test.Member("params")) is { } method
                ? CaseResult.Of("policy", name, Difference(Path.Combine(folder, test.Text("file")), test, method))
                : CaseResult.Missing("policy", name, $"the method {policy.Replace('_', '-')} is not built yet");
        });
    }

    private static string? Difference(string file, JsonElement test, ICompressionMethod method)
    {
        using var scope = NewDisposeScope();
        using var vectors = new VectorFile(file);
        using var memory = new LayerMemory();
        var budget = KvBudget.Keep(test.Member("params").Number("kv_cache_budget") / 100);
        var calls = test.Member("calls");
        for (var i = 0; i < calls.GetArrayLength(); i++)
        {
            using var step = NewDisposeScope();
            if (new Call(vectors, i, calls[i], budget, method, memory).Difference() is { } difference)
                return calls.GetArrayLength() > 1 ? $"call {i}: {difference}" : difference;
        }

        return null;
    }

    /// <summary>One call of a case: its own inputs (s0., s1., …), or one input for several layers or budgets (v0., v1., …).</summary>
    private sealed class Call(
        VectorFile vectors, int number, JsonElement call, KvBudget budget, ICompressionMethod method, LayerMemory memory)
    {
        public string? Difference()
        {
            var (queries, keys) = (Input("query_tail")!, Input("key_states")!);
            var inputs = Input("hidden_states") ?? keys[0];
            var length = (int)keys.shape[1];
            var prompt = Spans(vectors.Find($"s{number}.in.vision_spans") ?? vectors["in.vision_spans"], length);
            if (Plan(prompt) is not { } plan)
                return "everything is kept";
            var (window, kept) = plan;
            using var shared = new PromptTensors(CPU);
            var observation = new LayerObservation
            {
                Queries = queries.narrow(1, queries.shape[1] - window, window),
                Keys = keys,
                Values = keys,
                Norms = new TokenNorms(inputs, inputs),
                Tokens = prompt,
                Prompt = shared,
                Layer = 0,
                Capacity = plan.Rows,
            };
            // STaR-KV's vectors also hold what it computes on the way.
            var steps = new Dictionary<string, Tensor>();
            var scores = method is StarKv starKv ? starKv.Score(observation, memory, steps.Add) : method.Score(observation, memory);
            var (_, best) = scores.topk(kept, 1);
            var (ascending, _) = sort(best, 1);
            return Compare.First(
            [
                Compare.Integers("window, kept", [call.Long("window"), call.Long("k_keep")], [window, kept]),
                .. method is StarKv ? Steps(steps) : [Floats("Score", scores)],
                Compare.Integers(
                    "kept_indices", sort(Expected("kept_indices")!.view(best.shape[0], -1), 1).values.Longs(), ascending.Longs()),
                Gathered("compressed_k", keys, ascending, window),
                Gathered("compressed_v", Input("value_states"), ascending, window),
            ]);
        }

        /// <summary>The layer's plan; VL-Cache's vectors give the layer's rows, since its measure is not part of them.</summary>
        private KeepPlan? Plan(TokenMap prompt) =>
            call.TryGetProperty("layer_budget", out var rows) && rows.ValueKind == JsonValueKind.Number
            ? SparsityBudget.Plan(rows.GetInt32(), method.Window(prompt), prompt.Length)
            : method.LayerBudget.Divide(
                budget, method.Window(prompt), prompt, Setting("num_hidden_layers", 1), [])[Setting("layer_idx", 0)];

        private IEnumerable<string?> Steps(Dictionary<string, Tensor> steps) =>
            s_steps.Select(step => Floats(step.Vector, steps.GetValueOrDefault(step.Ours), step.Tolerance));

        private Tensor? Input(string name) => (vectors.Find($"s{number}.in.{name}") ?? vectors.Find($"in.{name}"))?.squeeze(0);

        private Tensor? Expected(string name) =>
            vectors.Find($"s{number}.out.{name}") ?? vectors.Find($"out.v{number}.{name}") ?? vectors.Find($"out.{name}");

        private int Setting(string name, int missing) =>
            call.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : missing;

        private string? Floats(string name, Tensor? actual, double tolerance = Tolerance) =>
            Expected(name) is { } expected && actual is not null ? Compare.Floats(name, expected, actual, tolerance) : null;

        /// <summary>
        /// The compressed cache is a gather of the kept tokens and the window; compared as sets of rows, since only the kept set is
        /// specified.
        /// </summary>
        private string? Gathered(string name, Tensor? whole, Tensor ascending, int window)
        {
            if (Expected(name)?.squeeze(0) is not { } expected || whole is null)
                return null;
            var (heads, length) = (ascending.shape[0], whole.shape[1]);
            var tail = arange(length - window, length, ScalarType.Int64).expand(heads, window);
            using var layer = new KvLayer(whole, whole, cat([ascending, tail], 1), 0);
            var order = Expected("kept_indices")!.view(heads, -1).argsort(1).expand(expected.shape[0], -1);
            var past = expected.gather(1, order.unsqueeze(2).expand(-1, -1, expected.shape[2]));
            var rows = cat([past, expected.narrow(1, order.shape[1], window)], 1);
            return Compare.Floats(name, rows, layer.PeekKeys(), Tolerance);
        }
    }

    /// <summary>
    /// A prompt of a given length with screenshots at given spans; ids and true grids do not matter to the reference preset.
    /// </summary>
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
