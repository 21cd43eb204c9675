using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports.Models;

/// <summary>Reads the runs of several models, and looks whether they can be compared.</summary>
public static class ComparedModels
{
    /// <summary>Reads finished runs; those of one checkpoint are one model.</summary>
    /// <param name="folders">
    /// Folders of runs, each as <c>DIR</c> or <c>NAME=DIR</c>. Without a name a model is called as its folder was; runs of one checkpoint
    /// need one name once.
    /// </param>
    /// <exception cref="StarKvException">
    /// A folder holds no finished run, there are fewer than two models, two have one name, or they differ in tasks, caches or in what a
    /// budget is of.
    /// </exception>
    public static IReadOnlyList<ComparedModel> Read(IEnumerable<string> folders)
    {
        var named = folders.Select(Parts).Select(p => (p.Name, p.Folder, new RunFolder(p.Folder).Manifest().Plan)).ToList();
        List<ComparedModel> models =
        [
            .. named.GroupBy(run => run.Plan.ModelFingerprint).Select(runs => new ComparedModel(
                NameOf([.. runs.Select(run => run.Name).OfType<string>().Distinct()], runs.First().Plan),
                FinishedRun.Read(runs.Select(run => run.Folder)))),
        ];
        if (models.Count < 2)
            throw new StarKvException(
                $"The runs are of one model, {models[0].Name} ({models[0].Runs[0].Plan.ModelFingerprint}); name runs of another one too, "
                    + "or write its page with starkv eval report.");
        if (models.GroupBy(model => model.Name).FirstOrDefault(group => group.Count() > 1) is { } twins)
            throw new StarKvException($"{twins.Count()} models are called {twins.Key}; name the folders' models as NAME=DIR.");
        foreach (var model in models)
            Check(models[0], model);
        return models;
    }

    // A folder may have an equals sign in its name.
    private static (string? Name, string Folder) Parts(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var folder] && !name.Contains('/') && !Directory.Exists(text)
            ? (name, folder) : (null, text);

    private static string NameOf(List<string> names, RunPlan plan) => names switch
    {
        [] => plan.Model,
        [var name] => name,
        _ => throw new StarKvException(
            $"The names {string.Join(" and ", names)} are of one model ({plan.ModelFingerprint}); give its runs one name."),
    };

    private static void Check(ComparedModel first, ComparedModel model)
    {
        var (told, tasks) = (first.Runs[0], first.Runs[0].Samples.Keys.ToHashSet());
        foreach (var run in model.Runs)
        {
            if (run.Plan.Sessions is not null)
                throw new StarKvException($"The runs of {model.Name} are of sessions; starkv eval report writes the page of each model.");
            if (TasksOf(run.Plan) != TasksOf(told.Plan) || !tasks.SetEquals(run.Samples.Keys))
                throw new StarKvException(
                    $"{model.Name} was run on {Tasks(run)}, {first.Name} on {Tasks(told)}; one page holds models on the same tasks.");
            if (run.Circumstances != told.Circumstances)
                throw new StarKvException(
                    $"Runs of {model.Name} have {run.Circumstances}, those of {first.Name} {told.Circumstances}; run one of them again.");
        }

        if (model.Cells.All(cell => cell.Keep != RunCache.Everything))
            throw new StarKvException($"{model.Name} has no full cache to compare with; run the method full, too.");
        if (Missing(model, first) is { } lacks)
            throw Lacks(model, lacks, first);
        if (Missing(first, model) is { } also)
            throw Lacks(first, also, model);

        static string Tasks(FinishedRun run) => ErrorText.Count(run.Samples.Count, "task") + $" of {TasksOf(run.Plan)}";
    }

    private static SummaryCell? Missing(ComparedModel model, ComparedModel other) =>
        other.Cells.FirstOrDefault(cell => model.Cell(cell.Method, cell.Keep) is null);

    private static StarKvException Lacks(ComparedModel model, SummaryCell cell, ComparedModel other) => new(
        $"{model.Name} has no answers of {cell.Method} at {cell.Keep}, which {other.Name} has; run it, or leave that run out.");

    // Thoughts change earlier answers in prompts, and neither pictures nor what is right.
    private static string TasksOf(RunPlan plan) => MiniGuiBenchmark.WithoutThoughts(plan.Benchmark);
}
