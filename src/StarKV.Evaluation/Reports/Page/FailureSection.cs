using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Runs;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>
/// Tasks that were not answered rightly, with pictures where the benchmark can open its screenshots again, and tasks that could not be run.
/// </summary>
internal static class FailureSection
{
    public static Html Of(ReportPage page)
    {
        var tasks = page.Benchmark?.Tasks.ToDictionary(t => t.Id);
        var max = Math.Max(1, page.MaxFailures / page.Runs.Count);
        return Html.Of($"""
            <section aria-labelledby="failures"><h2 id="failures">Failures</h2>
            {(tasks is null ? WithoutPictures(page.Plan.Benchmark) : Legend)}
            {page.Runs.Select((run, i) => Run(page, run, i, max, tasks))}
            {page.Runs.Select(Errors)}
            </section>
            """);
    }

    private static Html Legend => Html.Of(
        $"<p>Pictures show a task's last screenshot.</p><ul class=\"legend\">"
            + $"<li><span class=\"swatch box\"></span> where a click is right</li>"
            + $"<li><span class=\"swatch ring\"></span> where the answer clicks</li></ul>");

    private static Html WithoutPictures(string benchmark) =>
        Html.Of($"<p>Without pictures: the screenshots of {benchmark} are not available where this page was made.</p>");

    private static Html Run(ReportPage page, FinishedRun run, int index, int max, Dictionary<string, EvalTask>? tasks)
    {
        // A run without a compressed cache shows what its full cache got wrong.
        if ((Headline.Of(run.Summary)?.Cell ?? run.Summary.Cells[0]) is not { N: > 0 } cell)
            return Html.None;
        var failures = Failure.Of(run, cell);
        var known = failures.Count(f => f.FullWasRight is true);
        var first = failures.Any(f => f.FullWasRight is not null) && cell.Keep != "100%"
            ? $"; the full cache gets {known} of these right, which come first"
            : "";
        var shown = failures.Count > max ? $" The first {max} are shown." : "";
        return Html.Of($"""
            <h3>{(page.Runs.Count == 1 ? "" : $"Run {index + 1}, ")}{cell.Method} at {cell.Keep}</h3>
            <p>{failures.Count} of {cell.N} tasks were answered wrongly{first}.{shown}</p>
            <div class="failures">{failures.Take(max).Select(f => Figure(f, tasks))}</div>

            """);
    }

    private static Html Figure(Failure failure, Dictionary<string, EvalTask>? tasks)
    {
        var (sample, task) = (failure.Sample, tasks?.GetValueOrDefault(failure.Sample.Task));
        task = task?.AnsweredAt?.Invoke(failure.Answer) ?? task;
        var quote = failure.Answer.Action is null ? Html.Of($" <q>{Shortened(failure.Answer.Answer)}</q>") : Html.None;
        var full = failure.FullWasRight switch
        {
            true => ", full cache right",
            false => ", full cache wrong too",
            null => "",
        };
        return Html.Of($"""
            <figure>{Picture(failure, task, tasks is not null)}<figcaption><strong>{task?.Instruction ?? sample.Task}</strong>
            <span class="no">✗ {failure.Answer.Action ?? "no readable action"}</span>{quote}
            {(task?.Expected is { } expected ? Html.Of($"<span class=\"soft\">right: {expected}</span>") : Html.None)}
            <small>{sample.Task}{full}</small></figcaption></figure>

            """);
    }

    private static Html Picture(Failure failure, EvalTask? task, bool open)
    {
        if (task is null)
            return open ? Html.Of($"<p class=\"soft\">No picture: the benchmark does not hold this task.</p>") : Html.None;
        try
        {
            return Html.Of(
                $"<img alt=\"last screenshot of {failure.Sample.Task} with the answer "
                    + $"{failure.Answer.Action ?? "that holds no action"}\" loading=\"lazy\" "
                    + $"src=\"{FailurePicture.Of(task, failure.Answer.Action)}\">");
        }
        catch (Exception e) when (e is StarKvException or IOException or UnauthorizedAccessException)
        {
            return Html.Of($"<p class=\"soft\">No picture: {e.Message}</p>");
        }
    }

    private static Html Errors(FinishedRun run)
    {
        var errors = run.Samples.Values.Where(s => s.HasErrors).OrderBy(s => s.Task, StringComparer.Ordinal).ToList();
        return errors.Count == 0 ? Html.None : Html.Of(
            $"<details><summary>{ErrorText.Count(errors.Count, "task")} with errors: {run.Circumstances}</summary>"
                + $"<ul>{errors.SelectMany(Lines)}</ul></details>\n");
    }

    /// <summary>The errors of a task; caches with the same error share a line.</summary>
    private static IEnumerable<Html> Lines(SampleRecord task) =>
        task.Failed.GroupBy(f => f.Error).Select(g => Line($"{task.Task}, {string.Join(", ", g.Select(f => f.Cache))}", g.Key))
            .Concat(task.Error is { } error ? [Line(task.Task, error)] : []);

    private static Html Line(string what, string error) => Html.Of($"<li>{what}: {error}</li>\n");

    private static string Shortened(string text) => text.Length > 80 ? $"{text[..80]}…" : text;
}
