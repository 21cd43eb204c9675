using System.Globalization;
using System.Text.Json.Nodes;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>One cache's numbers as the released evaluation programs write them, for scripts that read their files.</summary>
/// <param name="File">The file's name there.</param>
/// <param name="Content">Its members, in their order; members that this project adds follow them.</param>
public sealed record ReleasedSummary(string File, JsonObject Content);

/// <summary>What the released files say of a run.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Method">The method as written.</param>
/// <param name="Keep">The budget as written.</param>
/// <param name="DType">The model's number type, such as <c>float32</c>.</param>
/// <param name="MaxNewTokens">Longest answer in tokens.</param>
public sealed record ReleasedRun(string Model, string Method, string Keep, string DType, int MaxNewTokens)
{
    /// <summary>The budget as the released programs print it: percent with a decimal; tokens as written.</summary>
    public string Budget =>
        Keep.EndsWith('%') ? double.Parse(Keep[..^1], CultureInfo.InvariantCulture).ToString("0.0###", CultureInfo.InvariantCulture) : Keep;

    /// <summary>The members about the cache, whose names all released files share.</summary>
    public JsonObject With(JsonObject before, JsonObject? after = null)
    {
        JsonObject own = new()
        {
            ["kv_cache"] = Method.Replace('-', '_'),
            ["kv_cache_budget"] = Keep.EndsWith('%')
                ? JsonValue.Create(double.Parse(Keep[..^1], CultureInfo.InvariantCulture))
                : JsonValue.Create(Keep),
            ["attention_implementation"] = "sdpa",
            ["model_dtype"] = DType,
            ["max_new_tokens"] = MaxNewTokens,
        };
        JsonObject all = new() { ["model_path"] = Model };
        foreach (var (name, value) in before.Concat(own).Concat(after ?? []))
            all[name] = value?.DeepClone();
        return all;
    }
}
