using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;
using StarKV.Hub;

namespace StarKV.Cli.Commands.Eval;

/// <summary>The options that every benchmark's run has, and the run.</summary>
/// <param name="keep">The budgets when none are given.</param>
/// <param name="labels">What <c>--filter</c> may name, for its description.</param>
internal sealed class EvalRun(string keep, string labels)
{
    private readonly Option<string?> _model = new("--model") { Description = "Model folder in Hugging Face form. Default: the shipped model.", HelpName = "DIR" };
    private readonly Option<string[]> _methods = new("--method") { Description = "Methods, separated by commas; options behind colons: snapkv,star-kv:temporal=off. May be repeated. Default: every method.", HelpName = "LIST" };
    private readonly Option<string> _keep = new("--keep") { Description = "Budgets, separated by commas; numbers above 1 are percent.", DefaultValueFactory = _ => keep, HelpName = "LIST" };
    private readonly Option<MatchBy> _match = new("--match") { Description = "What is equal at one budget: tokens a layer, or bytes held.", HelpName = "WHAT" };
    private readonly Option<BudgetConvention> _convention = new("--convention") { Description = "Of what a budget is a share: all prompt tokens, or image (the screenshots' tokens; all text is kept).", HelpName = "WHAT" };
    private readonly Option<MemorySpan?> _memory = new("--memory") { Description = "How long methods remember: sample (each task starts afresh), or session (through a history or trajectory). Default: the benchmark's own, mostly sample.", HelpName = "SPAN" };
    private readonly Option<string[]> _filter = new("--filter") { Description = $"Only tasks with this label: {labels}. May be repeated.", HelpName = "LABEL=VALUE" };
    private readonly Option<int?> _limit = new("--limit") { Description = "At most so many tasks.", HelpName = "N" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Which tasks a limit takes: 0 the first, else a draw with this seed.", HelpName = "N" };
    private readonly Option<string> _shard = new("--shard") { Description = "One of several parts of the run, i/n; all parts write into the same folder.", DefaultValueFactory = _ => "1/1", HelpName = "I/N" };
    private readonly Option<int?> _maxNewTokens = new("--max-new-tokens") { Description = "Longest answer in tokens. Default: the benchmark's own.", HelpName = "N" };
    private readonly Option<string?> _output = new("--out") { Description = "The run's folder. One that holds the same run is continued. Default: starkv-eval.", HelpName = "DIR" };
    private readonly Option<string> _device = SharedOptions.Device();
    private readonly Option<string?> _devices = new("--devices") { Description = "Split the run over processes, one a device: 0,1 (CUDA cards), or cpu,cpu.", HelpName = "LIST" };
    private readonly Option<bool> _json = SharedOptions.Json();

    /// <summary>All options, in the order of the help.</summary>
    public IEnumerable<Option> Options => [_model, _methods, _keep, _match, _convention, _memory, _filter, _limit, _seed, _shard, _maxNewTokens, _output, _device, _devices, _json];

    /// <summary>The model as named, or the shipped one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="otherwise">The model when the command line names none; default the shipped one.</param>
    public string Model(ParseResult parsed, string? otherwise = null) => parsed.GetValue(_model) ?? otherwise ?? ShippedModel.Find();

    /// <summary>Runs a benchmark, or goes on with it, and prints what it found. Returns the exit code.</summary>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="model">The model's folder, or its name on the hub.</param>
    /// <param name="output">The run's folder when the command line names none.</param>
    /// <param name="cancellation">Ends the run within one token.</param>
    public int Run(Terminal terminal, ParseResult parsed, IBenchmark benchmark, string model, string output, CancellationToken cancellation)
    {
        // What costs nothing is checked before the model is loaded.
        var compressions = CompressionList.Read(parsed.GetValue(_methods) ?? [], Budgets(parsed.GetValue(_keep)!));
        var part = Shard.Parse(parsed.GetValue(_shard)!);
        var folder = HubCache.Resolve(model);
        var (most, answer) = (AtLeastOne("--limit", parsed.GetValue(_limit)), AtLeastOne("--max-new-tokens", parsed.GetValue(_maxNewTokens)));
        var published = benchmark as IPublishedBenchmark;
        var draft = new RunPlan
        {
            Benchmark = benchmark.Name,
            Tasks = 0,
            Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model))),
            ModelFingerprint = "",
            Compute = "",
            Methods = [.. compressions.Select(c => c.Name).Distinct()],
            Keep = [.. compressions.Where(c => !c.KeepsEverything).Select(c => c.Budget.ToString()).Distinct()],
            Match = parsed.GetValue(_match),
            Convention = parsed.GetValue(_convention),
            Memory = parsed.GetValue(_memory) ?? published?.Memory ?? MemorySpan.Sample,
            Settings = published?.Settings,
            Filter = parsed.GetValue(_filter) ?? [],
            Limit = most,
            Seed = parsed.GetValue(_seed),
        };
        if ((answer ?? published?.MaxNewTokens) is { } tokens)
            draft = draft with { MaxNewTokens = tokens };
        var tasks = TaskSelection.Of(benchmark, draft);
        var run = new RunFolder(parsed.GetValue(_output) ?? output);
        if (parsed.GetValue(_devices) is { } names)
        {
            new ShardProcesses(terminal, DeviceList.Read(names, part), run.Path, tasks.Count).Run(WithoutDevices(parsed), cancellation);
            return Conclude(terminal, run, run.Plan(), published, parsed.GetValue(_json));
        }

        using var end = ParentWatch.Link(cancellation);
        using var agent = terminal.Working($"Loading {folder}", tell => AgentLoader.Load(folder, parsed.GetValue(_device)!, tell));
        var plan = draft with { Tasks = tasks.Count, ModelFingerprint = ModelFingerprint.Of(folder), Compute = $"{agent.Compute.Device.type} {agent.Compute.DType}".ToLowerInvariant() };
        run.Begin(plan);
        var mine = part.Of(tasks);
        using (var log = run.Open(part, ParentWatch.Patience))
        {
            // Of all shards: another split may have run a trajectory's earlier steps.
            var known = run.Samples();
            using var answers = new TaskAnswers(agent, plan, compressions, [.. known.Values]);
            terminal.Working($"Running {mine.Count} tasks with {compressions.Count} caches each on {plan.Compute}; {log.Records.Count} are done", tell =>
            {
                var line = new EvalProgress(terminal, tell, log.Records);
                new Evaluator(answers.Of, TimeProvider.System).Run(mine, log, line.Tell, known.Keys, end.Token);
                return 0;
            });
        }

        return Conclude(terminal, run, plan, published, parsed.GetValue(_json));
    }

    /// <summary>The command line's words but for those that say where it runs.</summary>
    private IReadOnlyList<string> WithoutDevices(ParseResult parsed)
    {
        var left = new HashSet<Token>(new Option[] { _devices, _device, _shard }.SelectMany(o => parsed.GetResult(o) is { Implicit: false } r ? r.Tokens.Append(r.IdentifierToken!) : []));
        return [.. parsed.Tokens.Where(t => !left.Contains(t)).Select(t => t.Value)];
    }

    private static int Conclude(Terminal terminal, RunFolder run, RunPlan plan, IPublishedBenchmark? benchmark, bool json)
    {
        var samples = run.Samples();
        var summary = RunSummary.Of(plan, samples);
        run.Write("summary.json", summary);
        var metrics = benchmark is null ? null : BenchmarkMetrics.Of(benchmark, plan, samples);
        if (metrics is not null)
            run.Write("metrics.json", metrics);
        if (json)
            terminal.WriteJson(metrics ?? (object)summary);
        else
            EvalTable.Print(terminal, summary, run.Path);
        return summary.Errors == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>Bare numbers above 1 are percent, as in the papers' sweeps; 1 itself could be a share or a percent.</summary>
    private static string Budgets(string list) => string.Join(',', list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(b =>
        !double.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number < 1 ? b
        : number > 1 ? $"{b}%"
        : throw new StarKvException($"keep '{b}' may mean 1 % or everything; write 1% or 100%.")));

    private static int? AtLeastOne(string option, int? value) => value < 1 ? throw new StarKvException($"{option} is {value}; it must be at least 1.") : value;
}
