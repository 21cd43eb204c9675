using System.Text.Json;
using StarKV.Conformance.Qwen25Vl;
using StarKV.Conformance.Qwen3Vl;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Files;
using StarKV.Runtime;

namespace StarKV.Conformance;

/// <summary>Finds every vector file below a folder and runs its cases.</summary>
public static class ConformanceSuite
{
    /// <summary>Every kind of vector file; a file may hold cases of several.</summary>
    /// <param name="compute">Where vectors of whole models run.</param>
    internal static IReadOnlyList<IVectorKind> Kinds(Func<Compute> compute) =>
    [
        new ImageGoldens(),
        new PreprocessVectorCases(),
        new MetricCases(),
        new TokenizerCases(),
        new UiTarsParserCases(),
        new OpenCuaParserCases(),
        new MRopeVectorCases(),
        new ModelVectorCases(),
        new ModelGoldens(compute),
        new PolicyGoldens(),
        new ProbeCases(),
        new LaqCases(),
        new Qwen3VlTables(),
        new Qwen3VlImageGoldens(),
        new Qwen3VlModelGoldens(compute),
    ];

    /// <summary>Runs every case below <paramref name="folder"/>, file by file in the order of their paths.</summary>
    /// <exception cref="StarKvException">There is no such folder, or no vector file in it.</exception>
    public static IEnumerable<CaseResult> Run(string folder) => Run(folder, () => Compute.Choose("cpu"));

    /// <summary>Runs every case below <paramref name="folder"/>, file by file in the order of their paths.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="compute">
    /// Where vectors of whole models run; asked for when there are some. In bfloat16 their logits alone are compared, with the deviation
    /// that the vectors state; those that state none are unsupported. Everything else runs on the CPU.
    /// </param>
    /// <exception cref="StarKvException">There is no such folder, or no vector file in it.</exception>
    public static IEnumerable<CaseResult> Run(string folder, Func<Compute> compute)
    {
        if (!Directory.Exists(folder))
            throw new StarKvException($"There is no folder '{folder}'. Name a folder with vector files, such as tests/vectors.");
        var (found, kinds) = (false, Kinds(compute));
        foreach (var path in DataFiles.Of(folder, "*.json", SearchOption.AllDirectories))
        {
            if (Parse(path) is not { } root)
                continue;
            foreach (var kind in kinds.Where(k => k.Recognises(root)))
            {
                found = true;
                foreach (var result in Guarded(kind, path, root))
                    yield return result.IsUnreadable
                        ? result with { Detail = $"{Path.GetRelativePath(folder, path)}: {result.Detail}" }
                        : result;
            }
        }

        if (!found)
            throw new StarKvException($"There is no vector file below '{folder}'. A vector folder has a " +
                $"manifest.json or case files; see tests/vectors.");
    }

    /// <summary>The kind's results; an exception in the middle of a file becomes a failed case instead of the end of the run.</summary>
    private static IEnumerable<CaseResult> Guarded(IVectorKind kind, string path, JsonElement root)
    {
        IEnumerator<CaseResult>? results = null;
        try
        {
            while (true)
            {
                CaseResult? failure = null;
                try
                {
                    results ??= kind.Run(path, root).GetEnumerator();
                    if (!results.MoveNext())
                        yield break;
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    failure = CaseResult.Unreadable(kind.GetType().Name, Path.GetFileName(path), "", e);
                }

                yield return failure ?? results!.Current;
                if (failure is not null)
                    yield break;
            }
        }
        finally
        {
            results?.Dispose();
        }
    }

    private static JsonElement? Parse(string path)
    {
        try
        {
            return JsonFile.Value(PlainFile.ReadAllBytes(path), path);
        }
        catch (StarKvException)
        {
            return null;
        }
    }
}
