using System.Text.Json;

namespace StarKV.Cli.Conformance;

/// <summary>Answers of OpenCUA with what existing parsers return for them.</summary>
internal sealed class OpenCuaParserCases : IVectorKind
{
    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind is JsonValueKind.Object
        && root.TryGetProperty("cases", out var cases) && cases.ValueKind is JsonValueKind.Array
        && (Describes(root) || cases.EnumerateArray().Any(c => c.ValueKind is JsonValueKind.Object && c.TryGetProperty("agentnetbench_guikv", out _)));

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
        root.GetProperty("cases").EnumerateArray().Select(c =>
            CaseResult.Missing("opencua-parser", c.GetProperty("id").GetString()!, "the OpenCUA action parser is not built yet"));

    private static bool Describes(JsonElement root) =>
        root.TryGetProperty("about", out var about) && about.ValueKind is JsonValueKind.Object
        && about.TryGetProperty("fields", out var fields) && fields.ValueKind is JsonValueKind.Object
        && fields.TryGetProperty("official_action_text|official_actions", out _);
}
