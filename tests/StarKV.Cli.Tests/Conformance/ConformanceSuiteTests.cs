using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using StarKV.Conformance;
using StarKV.Runtime;

namespace StarKV.Cli.Tests.Conformance;

public sealed class ConformanceSuiteTests(VocabularyFixture vocabulary) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static List<CaseResult> Run(string folder)
    {
        using var thread = new InferenceThread("conformance tests");
        return thread.Run(() => ConformanceSuite.Run(folder).ToList());
    }

    [Fact]
    public void No_vector_fails_and_only_texts_that_cannot_be_shipped_are_unsupported()
    {
        _ = vocabulary.Tokenizer;
        var results = Run(RepositoryFiles.Path("tests", "vectors"));
        Assert.Equal([], results.Where(r => r.Verdict == CaseVerdict.Fail).Select(r => $"{r.Group} {r.Case}: {r.Detail}"));
        Assert.All(results.Where(r => r.Verdict == CaseVerdict.Unsupported), r =>
            Assert.StartsWith("prompt text not shipped", r.Detail, StringComparison.Ordinal));
        Assert.InRange(results.Count(r => r.Verdict == CaseVerdict.Pass), 1196, int.MaxValue);
        Assert.Equal(results.Count, results.Select(r => (r.Group, r.Case)).Distinct().Count());
    }

    [Fact]
    public void Each_kind_of_vector_has_passing_cases()
    {
        _ = vocabulary.Tokenizer;
        var passed = Run(RepositoryFiles.Path("tests", "vectors")).Where(r => r.Verdict == CaseVerdict.Pass).CountBy(r => r.Group).ToDictionary();
        Assert.All(["policy", "probe", "laq", "model", "e2e", "smart_resize", "bicubic", "preprocess", "windows", "kv-bytes", "rotary", "mrope", "tokenizer", "uitars-parser", "opencua-parser", "screenspotpro_report", "agentnetbench_evaluate_action", "mind2web_operation_f1", "starkv_androidcontrol typing_match"], group => Assert.True(passed.GetValueOrDefault(group) > 0, group));
    }

    [Theory]
    [InlineData("out.kept_indices", "kept_indices")]
    [InlineData("out.attn_cache", "attn_cache")]
    [InlineData("out.compressed_k", "compressed_k")]
    public void One_changed_number_of_a_golden_fails(string tensor, string detail)
    {
        var name = "starkv_full_3img_b10";
        Policy(name);
        Assert.Equal(CaseVerdict.Pass, Assert.Single(Run(_folder.Path)).Verdict);
        Corrupt(_folder.File(name + ".safetensors"), tensor);
        var result = Assert.Single(Run(_folder.Path));
        Assert.Equal((name, CaseVerdict.Fail), (result.Case, result.Verdict));
        Assert.StartsWith($"{detail}[", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_golden_that_cannot_be_read_fails_and_names_the_file()
    {
        Policy("starkv_full_3img_b10");
        File.Delete(_folder.File("starkv_full_3img_b10.safetensors"));
        var result = Assert.Single(Run(_folder.Path));
        Assert.Equal(CaseVerdict.Fail, result.Verdict);
        Assert.Contains("starkv_full_3img_b10", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_vectors_are_passed_over()
    {
        _folder.Write("broken.json", Encoding.UTF8.GetBytes("{"));
        _folder.Write("list.json", Encoding.UTF8.GetBytes("[1, 2]"));
        Assert.Contains("no vector file", Assert.Throws<StarKvException>(() => Run(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no folder", Assert.Throws<StarKvException>(() => Run(_folder.File("none"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Copies one case of the policy vectors, with a manifest of it alone.</summary>
    private void Policy(string name)
    {
        var manifest = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(RepositoryFiles.Path("tests", "vectors", "golden", "policy", "manifest.json")));
        var test = manifest.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        _folder.Write("manifest.json", JsonSerializer.SerializeToUtf8Bytes(new { cases = new[] { test } }));
        _folder.Copy("tests", "vectors", "golden", "policy", name + ".safetensors");
    }

    /// <summary>Adds one to the first number of a tensor.</summary>
    private static void Corrupt(string path, string tensor)
    {
        var bytes = File.ReadAllBytes(path);
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        var entry = json.RootElement.GetProperty(tensor);
        var at = 8 + header + entry.GetProperty("data_offsets")[0].GetInt32();
        switch (entry.GetProperty("dtype").GetString())
        {
            case "I64":
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) + 1);
                break;
            case "I32":
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) + 1);
                break;
            case "F16":
                BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(at)) + (Half)1);
                break;
            default:
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at)) + 1);
                break;
        }

        File.WriteAllBytes(path, bytes);
    }
}
