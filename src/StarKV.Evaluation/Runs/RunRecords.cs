using StarKV.Weights;

namespace StarKV.Evaluation.Runs;

/// <summary>Reads a run's records and checks what reading JSON alone does not see.</summary>
internal static class RunRecords
{
    /// <summary>Reads a line of results.</summary>
    /// <param name="line">The line.</param>
    /// <param name="refusal">What is said of a line that is no result.</param>
    /// <param name="first">A record of the same file, which has the same labels; null for the first.</param>
    /// <exception cref="StarKvException">It is no result.</exception>
    public static SampleRecord Sample(ReadOnlySpan<byte> line, string refusal, SampleRecord? first = null)
    {
        var record = JsonFile.Record<SampleRecord>(line, RunJson.Line, refusal);
        if (record.Labels.Values.Contains(null) || record.Answers.Contains(null))
            throw new StarKvException($"{refusal}: a label or an answer is null.");
        if (first is not null && !record.Labels.Keys.ToHashSet().SetEquals(first.Labels.Keys))
            throw new StarKvException($"{refusal}: it has the labels {string.Join(", ", record.Labels.Keys)}; the first line has {string.Join(", ", first.Labels.Keys)}.");
        return record;
    }

    /// <summary>Reads a line of errors.</summary>
    /// <param name="line">The line.</param>
    /// <param name="refusal">What is said of a line that is no error.</param>
    /// <param name="first">Not looked at.</param>
    /// <exception cref="StarKvException">It is no error of a run.</exception>
    public static ErrorRecord Error(ReadOnlySpan<byte> line, string refusal, ErrorRecord? first = null)
    {
        var record = JsonFile.Record<ErrorRecord>(line, RunJson.Line, refusal);
        return record.Labels.Values.Contains(null) ? throw new StarKvException($"{refusal}: a label is null.") : record;
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="utf8">The content of <c>run.json</c>.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="StarKvException">It is no manifest.</exception>
    public static RunManifest Manifest(ReadOnlySpan<byte> utf8, string file)
    {
        var refusal = $"{file} is not the manifest of a run";
        var (plan, sources, environment) = JsonFile.Record<RunManifest>(utf8, RunJson.Line, refusal);
        string?[] texts = [.. plan.Methods, .. plan.Keep, .. plan.Filter, .. plan.Settings?.Values ?? [], .. environment.Libraries.Values];
        return texts.Contains(null) ? throw new StarKvException($"{refusal}: a text in one of its lists is null.") : new RunManifest(plan, sources, environment);
    }
}
