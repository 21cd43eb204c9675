using System.Text.Json;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Conformance;

/// <summary>Scores and kept tokens of the method <c>probe</c>, from what its branches look for.</summary>
internal sealed class ProbeCases : IVectorKind
{
    private const string Group = "probe";

    /// <inheritdoc />
    public bool Recognises(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("probe_cases", out _);

    /// <inheritdoc />
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
        root.Each("probe_cases", Group, (test, _) => test.Text("id"), (test, id) => CaseResult.Of(Group, id, Difference(test)));

    private static string? Difference(JsonElement test)
    {
        using var scope = NewDisposeScope();
        using var shared = new PromptTensors(CPU);
        using var memory = new LayerMemory();
        var (groups, heads, rows, dim) = (test.Whole("kv_heads"), test.Whole("heads"), test.Whole("rows"), test.Whole("dim"));
        var options = test.Member("options");
        var method = new Probe(new ProbeOptions
        {
            Window = options.Whole("window"),
            Kernel = options.Whole("kernel"),
            Value = options.Member("value").GetBoolean(),
        });
        List<(int Start, int End)> spans = [];
        foreach (var length in test.List("branches").Select(l => l.GetInt32()))
            spans.Add((spans.Count > 0 ? spans[^1].End : 0, (spans.Count > 0 ? spans[^1].End : 0) + length));
        var (tokens, keys) = (spans[^1].End, Tensor("keys", groups, rows, dim));
        var window = method.Window(TokenMap.OfIds(new int[rows], 1, []));
        var observation = new LayerObservation
        {
            // The window's own queries do not count.
            Queries = zeros(heads, window, dim),
            Keys = keys,
            Values = Tensor("values", groups, rows, dim),
            Tokens = TokenMap.OfIds(new int[rows], 1, []),
            Prompt = shared,
            Layer = 0,
            Capacity = test.Whole("keep"),
            Branches = new BranchAttention(
                Tensor("queries", heads, tokens, dim), keys, Tensor("log_sums", groups, heads / groups * tokens), spans),
        };
        var scores = method.Score(observation, memory);
        return ScoredCase.Difference(test, scores, window);

        Tensor Tensor(string name, params long[] shape) =>
            tensor(test.List(name).Select(n => n.GetSingle()).ToArray()).view(shape);
    }
}
