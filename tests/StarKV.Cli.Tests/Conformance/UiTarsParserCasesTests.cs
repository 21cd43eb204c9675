using System.Text.Json;
using StarKV.Conformance;

namespace StarKV.Cli.Tests.Conformance;

public class UiTarsParserCasesTests
{
    private static readonly string s_cases = Path.Combine(Root(), "tests", "vectors", "cases");

    [Fact]
    public void Every_answer_gives_what_each_of_the_four_parsers_returned()
    {
        var path = Path.Combine(s_cases, "uitars_parser_cases.json");
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        var kind = new UiTarsParserCases();

        Assert.True(kind.Recognises(file.RootElement));
        CaseResult[] results = [.. kind.Run(path, file.RootElement)];

        Assert.Equal(78 * 4, results.Length);
        Assert.Equal("", string.Join('\n', results.Where(r => r.Verdict is not CaseVerdict.Pass).Select(r => $"{r.Case}: {r.Detail}")));
    }

    [Fact]
    public void Every_field_of_every_OpenCua_case_is_reproduced()
    {
        var path = Path.Combine(s_cases, "opencua_parser_cases.json");
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        var kind = new OpenCuaParserCases();

        Assert.True(kind.Recognises(file.RootElement));
        var results = kind.Run(path, file.RootElement).ToList();
        Assert.Equal(8 * file.RootElement.GetProperty("cases").GetArrayLength(), results.Count);
        Assert.All(results, result => Assert.Equal(CaseVerdict.Pass, result.Verdict));
    }

    [Fact]
    public void Each_kind_recognises_only_its_own_file()
    {
        foreach (var path in Directory.EnumerateFiles(s_cases, "*.json"))
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            var name = Path.GetFileName(path);
            Assert.Equal(name == "uitars_parser_cases.json", new UiTarsParserCases().Recognises(file.RootElement));
            Assert.Equal(name == "opencua_parser_cases.json", new OpenCuaParserCases().Recognises(file.RootElement));
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StarKV.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
