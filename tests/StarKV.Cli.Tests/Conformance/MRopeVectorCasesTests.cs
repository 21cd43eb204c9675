using System.Text.Json;
using StarKV.Conformance;

namespace StarKV.Cli.Tests.Conformance;

public sealed class MRopeVectorCasesTests
{
    [Fact]
    public void Every_row_passes()
    {
        var path = RepositoryFiles.Path("tests", "vectors", "cases", "model_vectors.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        Assert.True(new MRopeVectorCases().Recognises(document.RootElement));
        var results = new MRopeVectorCases().Run(path, document.RootElement).ToList();
        Assert.Equal(4, results.Count);
        Assert.All(results, result => Assert.Equal((CaseVerdict.Pass, null), (result.Verdict, result.Detail)));
    }
}
