using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;
using StarKV.Hub;

namespace StarKV.Cli.Commands.Eval;

/// <summary>Does what an <see cref="EvalRequest"/> asks for, and prints what it found.</summary>
/// <param name="terminal">Where it prints.</param>
internal sealed class EvalWork(Terminal terminal)
{
    /// <summary>Runs what the folder does not hold yet, here or in processes of its own.</summary>
    /// <param name="request">The run.</param>
    /// <param name="cancellation">Ends the run within one token.</param>
    public RunFolder Run(EvalRequest request, CancellationToken cancellation)
    {
        var tasks = TaskSelection.Of(request.Benchmark, request.Draft);
        var run = new RunFolder(request.Output);
        if (request.Devices is { } devices)
        {
            new ShardProcesses(terminal, devices, run, tasks.Count).Run(request.Words, cancellation);
            return run;
        }

        var folder = HubCache.Resolve(request.Sources.Model);
        using var end = ParentWatch.Link(cancellation);
        using var agent = terminal.Working($"Loading {folder}", tell => AgentLoader.Load(folder, request.Device, tell));
        var plan = request.Draft with { Tasks = tasks.Count, ModelFingerprint = ModelFingerprint.Of(folder), Compute = $"{agent.Compute.Device.type} {agent.Compute.DType}".ToLowerInvariant() };
        var environment = RunEnvironment.Now(agent.Compute);
        run.Begin(new RunManifest(plan, request.Sources, environment));
        var mine = request.Part.Of(tasks);
        using var log = run.Open(request.Part, ParentWatch.Patience);
        run.NoteStart(request.Part, environment);
        // Of all shards: another split may have run a trajectory's earlier steps.
        var known = run.Samples();
        using var answers = new TaskAnswers(agent, plan, request.Compressions, [.. known.Values]);
        terminal.Working($"Running {mine.Count} tasks with {request.Compressions.Count} caches each on {plan.Compute}; {log.Records.Count} are done", tell =>
        {
            var tally = new RunTally();
            foreach (var task in mine.Where(t => known.ContainsKey(t.Id)))
                tally.Add(known[task.Id]);
            var line = new EvalProgress(terminal, tell, mine.Count, tally);
            new Evaluator(answers.Of).Run(mine, log, told: sample =>
            {
                tally.Add(sample);
                line.Show();
            }, known.Keys, end.Token);
            return 0;
        });
        return run;
    }

    /// <summary>Sums up what a run's folder holds, writes the sums into it and prints them. Returns the exit code.</summary>
    public int Conclude(EvalRequest request, RunFolder run, bool json)
    {
        var (plan, samples) = (run.Plan(), run.Samples());
        var summary = RunSummary.Of(plan, samples);
        run.Write("summary.json", summary);
        var metrics = request.Published is { } benchmark ? BenchmarkMetrics.Write(benchmark, run) : null;
        if (json)
            terminal.WriteJson(metrics ?? (object)summary);
        else
            EvalTable.Print(terminal, summary, run.Path);
        return summary.Errors == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}
