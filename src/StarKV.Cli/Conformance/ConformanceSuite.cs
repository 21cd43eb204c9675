using System.Text.Json;

namespace StarKV.Cli.Conformance;

/// <summary>Finds every vector file below a folder and runs its cases.</summary>
internal static class ConformanceSuite
{
    /// <summary>Every kind of vector file; a file may hold cases of several.</summary>
    public static IReadOnlyList<IVectorKind> Kinds { get; } =
    [
        new ImageGoldens(),
        new PreprocessVectorCases(),
        new MetricCases(),
        new TokenizerCases(),
        new UiTarsParserCases(),
        new OpenCuaParserCases(),
        new MRopeVectorCases(),
        new ModelVectorCases(),
        new ModelGoldens(),
        new PolicyGoldens(),
    ];

    /// <summary>Runs every case below <paramref name="folder"/>, file by file in the order of their paths.</summary>
    /// <exception cref="StarKvException">There is no such folder, or no vector file in it.</exception>
    public static IEnumerable<CaseResult> Run(string folder)
    {
        if (!Directory.Exists(folder))
            throw new StarKvException($"There is no folder '{folder}'. Name a folder with vector files, such as tests/vectors.");
        var found = false;
        foreach (var path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = Parse(path);
            if (document is null)
                continue;
            foreach (var kind in Kinds.Where(k => k.Recognises(document.RootElement)))
            {
                found = true;
                foreach (var result in Guarded(kind, path, document.RootElement))
                    yield return result;
            }
        }

        if (!found)
            throw new StarKvException($"There is no vector file below '{folder}'. A vector folder has a manifest.json or case files; see tests/vectors.");
    }

    /// <summary>The kind's results; an exception in the middle of a file becomes a failed case instead of the end of the run.</summary>
    private static IEnumerable<CaseResult> Guarded(IVectorKind kind, string path, JsonElement root)
    {
        using var results = kind.Run(path, root).GetEnumerator();
        while (true)
        {
            CaseResult? failure = null;
            try
            {
                if (!results.MoveNext())
                    yield break;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = new CaseResult(kind.GetType().Name, Path.GetFileName(path), Verdict.Fail, e.Message.Split('\n')[0]);
            }

            yield return failure ?? results.Current;
            if (failure is not null)
                yield break;
        }
    }

    private static JsonDocument? Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
