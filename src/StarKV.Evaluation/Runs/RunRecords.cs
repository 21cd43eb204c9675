using System.Globalization;
using StarKV.Budget;
using StarKV.Evaluation.Records;
using StarKV.Files;

namespace StarKV.Evaluation.Runs;

/// <summary>Reads a run's records and checks what reading JSON alone does not see.</summary>
internal static class RunRecords
{
    // Far above what any run has, far below where sums overflow.
    private const long MaxTokens = 1 << 24, MaxBytes = 1L << 44;
    private const double MaxMilliseconds = 1e10;

    /// <summary>Reads a line of results.</summary>
    /// <param name="line">The line.</param>
    /// <param name="refusal">What is said of a line that is not a result.</param>
    /// <param name="first">A record of the same file, which has the same labels; null for the first.</param>
    /// <exception cref="StarKvException">It is not a result.</exception>
    public static SampleRecord Sample(ReadOnlySpan<byte> line, string refusal, SampleRecord? first = null)
    {
        var record = JsonFile.Record<SampleRecord>(line, RunJson.Line, refusal);
        if (record.Labels.Values.Contains(null) || record.Answers.Contains(null))
            throw new StarKvException($"{refusal}: a label or an answer is null.");
        if ((Fault(record) ?? record.Answers.Select(Fault).FirstOrDefault(f => f is not null)) is { } fault)
            throw new StarKvException($"{refusal}: {fault}.");
        if (first is not null && !record.Labels.Keys.ToHashSet().SetEquals(first.Labels.Keys))
            throw new StarKvException(
                $"{refusal}: it has the labels {string.Join(", ", record.Labels.Keys)}; "
                    + $"the first line has {string.Join(", ", first.Labels.Keys)}.");
        // As between lines: of two answers of a cache the later one counts.
        return record with { Answers = [.. record.Answers.Reverse().DistinctBy(a => a.Cache).Reverse()] };
    }

    /// <summary>Reads a line of errors.</summary>
    /// <param name="line">The line.</param>
    /// <param name="refusal">What is said of a line that is not an error.</param>
    /// <param name="first">Not looked at.</param>
    /// <exception cref="StarKvException">It is not an error of a run.</exception>
    public static ErrorRecord Error(ReadOnlySpan<byte> line, string refusal, ErrorRecord? first = null)
    {
        var record = JsonFile.Record<ErrorRecord>(line, RunJson.Line, refusal);
        if (record.Labels.Values.Contains(null))
            throw new StarKvException($"{refusal}: a label is null.");
        return (record.Keep is { } keep ? BudgetFault(keep) : null) is { } fault
            ? throw new StarKvException($"{refusal}: {fault}.")
            : record;
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="utf8">The content of <c>run.json</c>.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="StarKvException">It is not a manifest.</exception>
    public static RunManifest Manifest(ReadOnlySpan<byte> utf8, string file)
    {
        var refusal = $"{file} is not the manifest of a run";
        var (plan, sources, environment) = JsonFile.Record<RunManifest>(utf8, RunJson.Line, refusal);
        string?[] texts =
        [
            .. plan.Methods, .. plan.Keep, .. plan.Filter, .. plan.Sessions ?? [], .. plan.Settings?.Values ?? [],
            .. environment.Libraries.Values,
        ];
        if (texts.Contains(null))
            throw new StarKvException($"{refusal}: a text in one of its lists is null.");
        return Fault(plan) is { } fault ? throw new StarKvException($"{refusal}: {fault}.") : new RunManifest(plan, sources, environment);
    }

    private static string? Fault(SampleRecord record) => Outside("promptTokens", record.PromptTokens, 0, MaxTokens)
        ?? Outside("imageTokens", record.ImageTokens, 0, MaxTokens)
        ?? (record.Milliseconds is var (draw, preprocess, vision, prefill, decode, total)
            ? new[] { draw, preprocess, vision, prefill, decode, total }
                .Select(time => Outside("a time in milliseconds", time, 0, MaxMilliseconds))
                .FirstOrDefault(f => f is not null)
            : null);

    private static string? Fault(AnswerRecord answer) => BudgetFault(answer.Keep)
        ?? Outside("tokens", answer.Tokens, 0, MaxTokens)
        ?? Outside("keptTokens", answer.KeptTokens, 0, MaxTokens)
        ?? Outside("bytes", answer.Bytes, 0, MaxBytes)
        ?? Outside("fullBytes", answer.FullBytes, 1, MaxBytes)
        ?? Outside("selectionMilliseconds", answer.SelectionMilliseconds, 0, MaxMilliseconds)
        ?? Outside("a draft's tokens", answer.Draft?.Tokens ?? 0, 0, MaxTokens)
        ?? Outside("a draft's milliseconds", answer.Draft?.Milliseconds ?? 0, 0, MaxMilliseconds)
        ?? Outside("a draft's heldBytes", answer.Draft?.HeldBytes ?? 0, 0, MaxBytes)
        ?? Outside("earlierFailed", answer.EarlierFailed ?? 0, 0, int.MaxValue)
        ?? (answer.Steps is { Count: 0 } ? "steps is empty" : null)
        ?? (answer.Steps ?? []).Select(Fault).FirstOrDefault(f => f is not null);

    private static string? Fault(StepRecord? step) => step is null ? "a step is null"
        : Outside("a step's tokens", step.Tokens, 1, MaxTokens)
        ?? Outside("a step's tokensRead", step.TokensRead, 1, step.Tokens)
        ?? Outside("a step's keptTokens", step.KeptTokens, 0, MaxTokens)
        ?? Outside("a step's bytes", step.Bytes, 0, MaxBytes)
        ?? Outside("a step's deviceBytes", step.DeviceBytes, 0, MaxBytes)
        ?? Outside("a step's hostBytes", step.HostBytes, 0, MaxBytes)
        ?? Outside("a step's readingMilliseconds", step.ReadingMilliseconds, 0, MaxMilliseconds)
        ?? Outside("a step's milliseconds", step.Milliseconds, 0, MaxMilliseconds)
        ?? Outside("a step's framesDropped", step.FramesDropped ?? 0, 0, MaxTokens)
        ?? (step.Notes?.Contains(null!) is true ? "a step's note is null" : null);

    private static string? Fault(RunPlan plan) => Outside("tasks", plan.Tasks, 1, int.MaxValue)
        ?? Outside("maxNewTokens", plan.MaxNewTokens, 1, MaxTokens)
        ?? Outside("limit", plan.Limit ?? 1, 1, int.MaxValue)
        ?? plan.Keep.Select(BudgetFault).FirstOrDefault(f => f is not null)
        ?? (plan.Methods.Count == 0 ? "methods is empty" : null)
        ?? Twice("methods", plan.Methods)
        ?? Twice("keep", plan.Keep)
        ?? Twice("sessions", plan.Sessions ?? [])
        ?? plan.Methods.Where(m => SessionMode.MethodOf(m) != m).Select(m => $"methods has {MessageText.Text(m)}").FirstOrDefault()
        ?? (plan.Sessions is { Count: 0 } ? "sessions is empty" : null)
        ?? (plan.Sessions ?? []).Select(ModeFault).FirstOrDefault(f => f is not null);

    private static string? ModeFault(string mode)
    {
        try
        {
            var written = $"{SessionMode.Parse(mode)}";
            return written == mode ? null : $"sessions has the mode {MessageText.Text(mode)}; {written} is expected";
        }
        catch (StarKvException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private static string? Twice(string name, IReadOnlyList<string> list) =>
        list.Distinct().Count() < list.Count ? $"{name} names something twice" : null;

    private static string? BudgetFault(string keep)
    {
        try
        {
            _ = KvBudget.Parse(keep);
            return null;
        }
        catch (StarKvException)
        {
            return $"keep is {MessageText.Text(keep)}; a budget such as 20% is expected";
        }
    }

    private static string? Outside(string name, double value, double min, double max) =>
        value >= min && value <= max
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; a number from {min} to {max} is expected");
}
