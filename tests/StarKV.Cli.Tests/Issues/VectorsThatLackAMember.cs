using System.Text.Json.Nodes;
using StarKV.Conformance;
using StarKV.Runtime;

namespace StarKV.Cli.Tests.Issues;

/// <summary>"The given key was not present in the dictionary." was all that conformance said of a file that lacks a member.</summary>
public sealed class VectorsThatLackAMember : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private List<CaseResult> Run()
    {
        using var thread = new InferenceThread("conformance tests");
        return thread.Run(() => ConformanceSuite.Run(_folder.Path).ToList());
    }

    [Theory]
    [InlineData("cases/uitars_parser_cases.json", "cases", "input", "cases[0]")]
    [InlineData("cases/uitars_parser_cases.json", "cases", "id", "cases[0]")]
    [InlineData("cases/opencua_parser_cases.json", "cases", "guikv_action_lines", "cases[0]")]
    [InlineData("cases/tokenizer_cases.json", "cases", "text", "cases[0]")]
    [InlineData("cases/tokenizer_cases.json", "prompts/rows", "prompt", "rows[0]")]
    [InlineData("cases/model_vectors.json", "mrope", "delta", "mrope[0]")]
    [InlineData("cases/model_vectors.json", "windows", "inverse", "windows[0]")]
    [InlineData("cases/model_vectors.json", "bicubic_gray/cases", "target", "cases[0]")]
    [InlineData("cases/model_vectors.json", "preprocess/cases", "image_tokens", "cases[0]")]
    [InlineData("cases/metric_cases.json", "smart_resize/rows", "min3136", "rows[0]")]
    [InlineData("cases/metric_cases.json", "agentnetbench_evaluate_action", "score", "agentnetbench_evaluate_action[0]")]
    [InlineData("cases/metric_cases.json", "androidcontrol_smallest_node/cases", "point", "cases[0]")]
    [InlineData("golden/policy/manifest.json", "cases", "params", "cases[0]")]
    [InlineData("golden/policy/manifest.json", "cases", "name", "cases[0]")]
    [InlineData("golden/image/manifest.json", "cases", "grid_thw", "cases[0]")]
    public void The_member_the_case_and_the_file_are_named_and_other_cases_go_on(string file, string list, string member, string place)
    {
        Copy(file);
        var path = _folder.File(Path.GetFileName(file));
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        var cases = list.Split('/').Aggregate(root, (node, name) => node![name]!);
        Assert.True(cases[0]!.AsObject().Remove(member));
        // Two cases are enough to see that the second one goes on.
        while (cases.AsArray().Count > 2)
            cases.AsArray().RemoveAt(2);
        File.WriteAllText(path, root.ToJsonString());
        var results = Run();
        var result = Assert.Single(results, r => r.Verdict == CaseVerdict.Fail);
        Assert.Equal($"{Path.GetFileName(file)}: {place}: the member '{member}' is missing", result.Detail);
        Assert.Contains(results, r => r.Group == result.Group && r.Verdict != CaseVerdict.Fail);
    }

    [Fact]
    public void A_member_of_another_kind_is_shown()
    {
        Copy("cases/model_vectors.json");
        var path = _folder.File("model_vectors.json");
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        root["mrope"]![1]!["delta"] = "three";
        File.WriteAllText(path, root.ToJsonString());
        Assert.Equal("model_vectors.json: mrope[1]: the member 'delta' is \"three\"; a whole number is expected", Assert.Single(Run(), r => r.Verdict == CaseVerdict.Fail).Detail);
    }

    [Theory]
    [InlineData("""{"cases":[{"policy":"starkv","name":"a"}]}""", "manifest.json: cases[0]: the member 'params' is missing")]
    [InlineData("""{"cases":[{"policy":"starkv","calls":[]},5]}""", "manifest.json: cases[1]: a JSON Number stands where an object with the member 'name' is expected")]
    [InlineData("""{"mrope":7}""", "manifest.json: the member 'mrope' is 7; a list is expected")]
    [InlineData("""{"smart_resize":{"rows":[]},"mind2web_operation_f1":5}""", "manifest.json: the member 'mind2web_operation_f1' is 5; a list is expected")]
    public void Files_of_another_form_are_named_too(string json, string detail)
    {
        _folder.Write("manifest.json", json);
        Assert.Contains(Run(), r => r.Verdict == CaseVerdict.Fail && r.Detail == detail);
    }

    [Fact]
    public void A_byte_order_mark_and_hidden_files_change_nothing()
    {
        _folder.Write("vectors.json", "\uFEFF{\"mrope\":[]}");
        _folder.Write("._vectors.json", "{\"mrope\":7}");
        Assert.Empty(Run());
    }

    private void Copy(string file)
    {
        _folder.Copy(["tests", "vectors", .. file.Split('/')]);
        // Tensors and pictures lie beside a manifest.
        if (file.StartsWith("golden", StringComparison.Ordinal))
        {
            foreach (var other in Directory.GetFiles(Path.GetDirectoryName(RepositoryFiles.Path(["tests", "vectors", .. file.Split('/')]))!).Where(f => !f.EndsWith(".json", StringComparison.Ordinal)))
                File.Copy(other, _folder.File(Path.GetFileName(other)));
        }
    }
}
