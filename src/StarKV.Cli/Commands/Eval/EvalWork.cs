using System.Text.Json.Nodes;
using StarKV.Compact;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;
using StarKV.Files;
using StarKV.Weights;

namespace StarKV.Cli.Commands.Eval;

/// <summary>The sums of a run.</summary>
/// <param name="Summary">Right answers, intervals, bytes.</param>
/// <param name="Metrics">A published benchmark's own numbers; null for others.</param>
internal sealed record RunSums(RunSummary Summary, JsonObject? Metrics);

/// <summary>Does what an <see cref="EvalRequest"/> asks for.</summary>
/// <param name="terminal">Where it prints.</param>
internal sealed class EvalWork(Terminal terminal)
{
    private const string What = "run";

    /// <summary>Runs what the folder does not hold yet, here or in separate processes.</summary>
    /// <param name="request">The run.</param>
    /// <param name="cancellation">Ends the run within one layer or answer token.</param>
    public RunFolder Run(EvalRequest request, CancellationToken cancellation)
    {
        var tasks = TaskSelection.Of(request.Benchmark, request.Draft);
        var run = new RunFolder(request.Output);
        // Also when the command line does not name it.
        AtomicFile.CheckFolder(run.Path, What);
        KeepApart(run.Path, request.Sources);
        if (request.Devices is { } devices)
        {
            new ShardProcesses(terminal, devices, run, tasks.Count).Run(request.Words, cancellation);
            return run;
        }

        var folder = HubCache.Resolve(request.Sources.Model);
        using var end = ParentWatch.Link(cancellation);
        // Every step of every cache has the same few screenshots.
        var screens = request.Draft.Sessions is null ? 0 : GuiAgent.DefaultScreenCacheBytes;
        using var agent = terminal.Working($"Loading " +
            $"{folder}", tell => AgentLoader.Load(folder, request.Device, request.NumberType, tell, screens, end.Token));
        var plan = request.Draft with
        {
            Tasks = tasks.Count,
            ModelFingerprint = ModelFingerprint.Of(folder),
            Compute = $"{agent.Compute.Device.type} {agent.Compute.DType}".ToLowerInvariant()
        };
        var environment = RunEnvironment.Now(agent.Compute);
        run.Begin(new RunManifest(plan, request.Sources, environment));
        var mine = request.Part.Of(tasks);
        using var log = run.Open(request.Part, ParentWatch.Patience);
        run.NoteStart(request.Part, environment);
        // Of all shards: another split may have run a trajectory's earlier steps.
        var known = run.Samples();
        using var answers = Runner(agent, plan, request.Compressions, [.. known.Values]);
        var (begun, failed) = (mine.Count(t => known.ContainsKey(t.Id)), mine.Count(
            t => known.GetValueOrDefault(t.Id) is { HasErrors: true }));
        var again = failed == 0 ? "" : $", {failed} with errors are tried again";
        terminal.Working($"Running {Format.Count(mine.Count, "task")} with {Format.Count(plan.Caches.Count, "cache")} each on " +
            $"{plan.Compute}; {begun - failed} are done{again}", tell =>
        {
            var tally = new RunTally();
            foreach (var task in mine.Where(t => known.ContainsKey(t.Id)))
                tally.Add(known[task.Id]);
            var line = new EvalProgress(terminal, tell, mine.Count, tally);
            new Evaluator(answers.Of).Run(mine, log, told: sample =>
            {
                tally.Add(sample);
                line.Show();
            }, known.Values, end.Token);
            return 0;
        });
        return run;
    }

    private static ITaskRunner Runner(
        GuiAgent agent, RunPlan plan, IReadOnlyList<Compression> compressions, IReadOnlyList<SampleRecord> known) => plan.Sessions is null
        ? new TaskAnswers(agent, plan, compressions, known)
        : new SessionAnswers(agent, plan, compressions, known);

    private static void KeepApart(string folder, RunSources sources)
    {
        Apart.Within(folder, What, sources.Model, "the model that is read");
        Apart.Same(folder, What, sources.Annotations, "the folder of the annotations");
        Apart.Same(folder, What, sources.Images, "the folder of the screenshots");
    }

    /// <summary>Prints what a run found. Returns the exit code.</summary>
    public int Print(RunSums sums, RunFolder run, bool json)
    {
        if (!json)
            EvalTable.Print(terminal, sums.Summary, run.Path);
        else
            terminal.WriteJson(sums.Metrics ?? (object)sums.Summary);
        if (json && sums.Summary.Errors > 0)
            terminal.Note(EvalTable.Again(sums.Summary));
        return sums.Summary.Errors == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>Sums up what a run's folder holds, and writes the sums into it.</summary>
    public static RunSums Sum(EvalRequest request, RunFolder run)
    {
        var (plan, samples) = (run.Plan(), run.Samples());
        var summary = RunSummary.Of(plan, samples);
        run.Write(RunFolder.SummaryFile, summary);
        return new RunSums(summary, request.Published is { } benchmark ? PublishedMetrics.Write(benchmark, run, plan, samples) : null);
    }
}
