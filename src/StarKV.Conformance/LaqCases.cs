using System.Text.Json;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Conformance;

/// <summary>Scores and kept tokens of the method <c>laq</c>, from the queries of a window and of a draft.</summary>
internal sealed class LaqCases : IVectorKind
{
    private const string Group = "laq";

    /// <inheritdoc />
    public bool Recognises(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("laq_cases", out _);

    /// <inheritdoc />
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
        root.Each("laq_cases", Group, (test, _) => test.Text("id"), (test, id) => CaseResult.Of(Group, id, Difference(test)));

    private static string? Difference(JsonElement test)
    {
        using var scope = NewDisposeScope();
        using var shared = new PromptTensors(CPU);
        using var memory = new LayerMemory();
        var (groups, heads, rows, dim) = (test.Whole("kv_heads"), test.Whole("heads"), test.Whole("rows"), test.Whole("dim"));
        var method = new Laq(Options(test.Member("options")));
        var prompt = TokenMap.OfIds(new int[rows], 1, []);
        var window = method.Window(prompt);
        var observation = new LayerObservation
        {
            Queries = Tensor("window_queries", heads, window, dim),
            Keys = Tensor("keys", groups, rows, dim),
            Values = Tensor("values", groups, rows, dim),
            Tokens = prompt,
            Prompt = shared,
            Layer = 0,
            Capacity = test.Whole("keep"),
            DraftQueries = Tensor("draft_queries", heads, test.Whole("draft"), dim),
        };
        var scores = method.Score(observation, memory);
        return ScoredCase.Difference(test, scores, window);

        Tensor Tensor(string name, params long[] shape) =>
            tensor(test.List(name).Select(n => n.GetSingle()).ToArray()).view(shape);
    }

    private static LaqOptions Options(JsonElement options) => new()
    {
        Window = options.Whole("window"),
        Kernel = options.Whole("kernel"),
        Pooling = options.Text("pooling") == "max" ? Pooling.Max : Pooling.Average,
        Sees = options.Text("sees") == "shifted" ? LaqSees.Shifted : LaqSees.All,
        Softmax = options.Member("softmax").GetBoolean(),
        Value = options.Member("value").GetBoolean(),
    };
}
