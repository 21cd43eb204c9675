using System.CommandLine;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>The options that every benchmark's run has, and the run.</summary>
/// <param name="keep">The budgets when none are given.</param>
/// <param name="labels">What <c>--filter</c> may name, for its description.</param>
internal sealed class EvalRun(string keep, string labels)
{
    private readonly Option<string?> _model = new("--model")
    {
        Description = "Model folder in Hugging Face form. Default: " +
        "the shipped model.",
        HelpName = "DIR"
    };
    private readonly Option<string[]> _methods = new("--method")
    {
        Description = "Methods, separated by commas; options behind colons: " +
        "snapkv,star-kv:temporal=off. May be repeated. Default: every method.",
        HelpName = "LIST"
    };
    private readonly Option<string> _keep = new("--keep")
    {
        Description = "Budgets, separated by commas: 5%,10%,20% or 512t; " +
        "a bare number above 1 is percent.",
        DefaultValueFactory = _ => keep,
        HelpName = "LIST"
    };
    private readonly Option<MatchBy> _match = Names.Option("--match", "What is equal at one budget: tokens per layer, " +
        "or bytes held.", MatchBy.Tokens);
    private readonly Option<BudgetConvention> _convention = Names.Option("--convention", "Of what a budget is a share: all prompt " +
        "tokens, or image (the screenshots' tokens; all text is kept).", BudgetConvention.All);
    private readonly Option<MemorySpan?> _memory = Names.Option<MemorySpan>("--memory", "How long methods remember: sample (each task " +
        "starts afresh), or session (through a history or trajectory). Default: the benchmark's own, mostly sample.");
    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = $"Only tasks with this label: {labels}. May be " +
        $"repeated.",
        HelpName = "LABEL=VALUE"
    };
    private readonly Option<int?> _limit = new("--limit") { Description = "At most so many tasks.", HelpName = "N" };
    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Which tasks a limit takes: 0 the first, else a draw with " +
        "this seed.",
        DefaultValueFactory = _ => 0,
        HelpName = "N"
    };
    private readonly Option<int?> _maxNewTokens = new("--max-new-tokens")
    {
        Description = "Longest answer in tokens. Default: the " +
        "benchmark's own.",
        HelpName = "N"
    };
    private readonly OutputOption _output = OutputOption.Folder("--out", "run", "The run's folder. One that holds the same run is " +
        "continued. Default: starkv-eval.");
    private readonly Option<string> _type = SharedOptions.NumberType();
    private readonly RunPlace _place = new();
    private readonly Option<bool> _json = SharedOptions.Json();

    /// <summary>All options, in the order of the help.</summary>
    public IEnumerable<Option> Options =>
        [_model, _methods, _keep, _match, _convention, _memory, _filter, _limit, _seed, _maxNewTokens, _output, .. _place.Options, _type,
            _json];

    /// <summary>The model as a run's sources have it: a folder with its whole path, or a name on the hub.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="otherwise">The model when the command line names none; default the shipped one.</param>
    public string Model(ParseResult parsed, string? otherwise = null) =>
        (parsed.GetValue(_model) ?? otherwise ?? ShippedModel.Find()) is var named && Directory.Exists(named)
            ? Path.GetFullPath(named)
            : named;

    /// <summary>Runs a benchmark, or goes on with it, and prints what it found. Returns the exit code.</summary>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="sources">Where model and data lie.</param>
    /// <param name="output">The run's folder when the command line names none.</param>
    /// <param name="cancellation">Ends the run within one layer or answer token.</param>
    /// <param name="sessions">The modes in which tasks are given step by step; null (default) for single questions.</param>
    /// <param name="length">Longest answer in tokens where the command line does not say; null (default) as the benchmark has it.</param>
    public int Run(
        Terminal terminal, ParseResult parsed, IBenchmark benchmark, RunSources sources, string output, CancellationToken cancellation,
        IReadOnlyList<SessionMode>? sessions = null, int? length = null)
    {
        var request = Request(parsed, benchmark, sources, output, sessions, length);
        var work = new EvalWork(terminal);
        var run = work.Run(request, cancellation);
        return work.Print(EvalWork.Sum(request, run), run, parsed.GetValue(_json));
    }

    private EvalRequest Request(
        ParseResult parsed, IBenchmark benchmark, RunSources sources, string output, IReadOnlyList<SessionMode>? sessions, int? length)
    {
        if (sessions is not null)
            CheckSessions(parsed);
        var compressions = CompressionList.Read(parsed.GetValue(_methods) ?? [], parsed.GetValue(_keep)!);
        var published = benchmark as IPublishedBenchmark;
        var draft = new RunPlan
        {
            Benchmark = benchmark.Name,
            Tasks = 0,
            Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(sources.Model)),
            ModelFingerprint = "",
            Compute = "",
            Methods = [.. compressions.Select(c => c.Name).Distinct()],
            Keep = [.. compressions.Where(c => !c.KeepsEverything).Select(c => c.Budget.ToString()).Distinct()],
            Match = parsed.GetValue(_match),
            Convention = parsed.GetValue(_convention),
            Memory = parsed.GetValue(_memory) ?? published?.Memory ?? (sessions is null ? MemorySpan.Sample : MemorySpan.Session),
            Sessions = sessions is null ? null : [.. sessions.Select(mode => $"{mode}")],
            Settings = published?.Settings,
            Filter = TaskSelection.Filters(benchmark, parsed.GetValue(_filter) ?? []),
            Limit = AtLeastOne("--limit", parsed.GetValue(_limit)),
            Seed = parsed.GetValue(_seed),
        };
        if ((AtLeastOne("--max-new-tokens", parsed.GetValue(_maxNewTokens)) ?? length ?? published?.MaxNewTokens) is { } tokens)
            draft = draft with { MaxNewTokens = tokens };
        return new EvalRequest
        {
            Benchmark = benchmark,
            Sources = sources,
            Draft = draft,
            Compressions = compressions,
            Output = parsed.GetValue(_output) ?? output,
            Device = _place.Device(parsed),
            NumberType = parsed.GetValue(_type)!,
            Part = _place.Part(parsed),
            Devices = _place.Devices(parsed),
            Words = _place.OtherWords(parsed),
        };
    }

    private void CheckSessions(ParseResult parsed)
    {
        var other = parsed.GetValue(_match) is not MatchBy.Tokens ? "--match bytes"
            : parsed.GetValue(_convention) is not BudgetConvention.All ? "--convention image"
            : parsed.GetValue(_memory) is MemorySpan.Sample ? "--memory sample"
            : null;
        if (other is not null)
            throw new StarKvException(
                $"--sessions and {other} exclude each other: a session's budget is of all its tokens, "
                    + $"and its method remembers earlier steps.");
    }

    private static int? AtLeastOne(string option, int? value) =>
        value < 1 ? throw new StarKvException($"{option} is {value}; it must be at least 1.") : value;
}
