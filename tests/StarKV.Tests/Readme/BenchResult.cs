using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>Files of bench/results.</summary>
internal static class BenchResult
{
    public static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("bench", "results", name)));
}
