using System.CommandLine;
using System.CommandLine.Parsing;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval minigui</c>: MiniGui-Bench, all methods at all budgets, one reading of each prompt.</summary>
internal static class MiniGuiEval
{
    private const string DefaultKeep = "1%,2%,3%,5%,10%,20%,40%,100%";

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string?>("--model") { Description = "Model folder in Hugging Face form. Default: the shipped model.", HelpName = "DIR" };
        var methods = new Option<string[]>("--method") { Description = "Methods, separated by commas; options behind colons: snapkv,star-kv:temporal=off. May be repeated. Default: every method.", HelpName = "LIST" };
        var keep = new Option<string>("--keep") { Description = "Budgets, separated by commas.", DefaultValueFactory = _ => DefaultKeep, HelpName = "LIST" };
        var match = new Option<MatchBy>("--match") { Description = "What is equal at one budget: tokens a layer, or bytes held.", HelpName = "WHAT" };
        var convention = new Option<BudgetConvention>("--convention") { Description = "Of what a budget is a share: all prompt tokens, or image (the screenshots' tokens; all text is kept).", HelpName = "WHAT" };
        var memory = new Option<MemorySpan>("--memory") { Description = "How long methods remember: sample (each task starts afresh), or session (a history's earlier steps are read first).", HelpName = "SPAN" };
        var filter = new Option<string[]>("--filter") { Description = "Only tasks with this label: kind=Icon, form=First, split=Test, size=336x336, frames=3. May be repeated.", HelpName = "LABEL=VALUE" };
        var limit = new Option<int?>("--limit") { Description = "At most so many tasks.", HelpName = "N" };
        var seed = new Option<ulong>("--seed") { Description = "Which tasks a limit takes: 0 the first, else a draw with this seed.", HelpName = "N" };
        var shard = new Option<string>("--shard") { Description = "One of several parts of the run, i/n; all parts write into the same folder.", DefaultValueFactory = _ => "1/1", HelpName = "I/N" };
        var output = new Option<string>("--out") { Description = "The run's folder. One that holds the same run is continued.", DefaultValueFactory = _ => "starkv-eval", HelpName = "DIR" };
        var device = SharedOptions.Device();
        var devices = new Option<string?>("--devices") { Description = "Split the run over processes, one a device: 0,1 (CUDA cards), or cpu,cpu.", HelpName = "LIST" };
        var json = SharedOptions.Json();
        var command = new Command("minigui", "Run MiniGui-Bench. Stopped at any time, it goes on where it was when called again.")
        {
            model, methods, keep, match, convention, memory, filter, limit, seed, shard, output, device, devices, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            // What costs nothing is checked before the model is loaded.
            var compressions = CompressionList.Read(parsed.GetValue(methods) ?? [], parsed.GetValue(keep)!);
            var part = Shard.Parse(parsed.GetValue(shard)!);
            var folder = parsed.GetValue(model) ?? ShippedModel.Find();
            var most = parsed.GetValue(limit);
            if (most < 1)
                throw new StarKvException($"--limit is {most}; it must be at least 1.");
            var benchmark = new MiniGuiBenchmark();
            var draft = new RunPlan
            {
                Benchmark = benchmark.Name,
                Tasks = 0,
                Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
                ModelFingerprint = "",
                Compute = "",
                Methods = [.. compressions.Select(c => c.Name).Distinct()],
                Keep = [.. compressions.Where(c => !c.KeepsEverything).Select(c => c.Budget.ToString()).Distinct()],
                Match = parsed.GetValue(match),
                Convention = parsed.GetValue(convention),
                Memory = parsed.GetValue(memory),
                Filter = parsed.GetValue(filter) ?? [],
                Limit = most,
                Seed = parsed.GetValue(seed),
            };
            var tasks = TaskSelection.Of(benchmark, draft);
            var run = new RunFolder(parsed.GetValue(output)!);
            if (parsed.GetValue(devices) is { } list)
            {
                new ShardProcesses(terminal, DeviceList.Read(list, part), run.Path, tasks.Count).Run(WithoutDevices(parsed, devices, device, shard), cancellation);
                return Task.FromResult(Conclude(terminal, run, run.Plan(), parsed.GetValue(json)));
            }

            using var end = ParentWatch.Link(cancellation);
            using var agent = terminal.Working($"Loading {folder}", tell => AgentLoader.Load(folder, parsed.GetValue(device)!, tell));
            var plan = draft with { Tasks = tasks.Count, ModelFingerprint = ModelFingerprint.Of(folder), Compute = $"{agent.Compute.Device.type} {agent.Compute.DType}".ToLowerInvariant() };
            run.Begin(plan);
            var mine = part.Of(tasks);
            using (var log = run.Open(part, ParentWatch.Patience))
            {
                var answers = new TaskAnswers(agent, plan, compressions);
                terminal.Working($"Running {mine.Count} tasks with {compressions.Count} caches each on {plan.Compute}; {log.Records.Count} are done", tell =>
                {
                    var line = new EvalProgress(terminal, tell, log.Records);
                    new Evaluator(answers.Of, TimeProvider.System).Run(mine, log, line.Tell, run.Samples().Keys, end.Token);
                    return 0;
                });
            }

            return Task.FromResult(Conclude(terminal, run, plan, parsed.GetValue(json)));
        });
        return command;
    }

    /// <summary>The command line's words but for the given options.</summary>
    private static IReadOnlyList<string> WithoutDevices(ParseResult parsed, params Option[] options)
    {
        var left = new HashSet<Token>(options.SelectMany(o => parsed.GetResult(o) is { Implicit: false } r ? r.Tokens.Append(r.IdentifierToken!) : []));
        return [.. parsed.Tokens.Where(t => !left.Contains(t)).Select(t => t.Value)];
    }

    private static int Conclude(Terminal terminal, RunFolder run, RunPlan plan, bool json)
    {
        var summary = RunSummary.Of(plan, run.Samples());
        run.Write("summary.json", summary);
        if (json)
            terminal.WriteJson(summary);
        else
            EvalTable.Print(terminal, summary, run.Path);
        return summary.Errors == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}
