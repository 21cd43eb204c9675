using System.CommandLine;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval minigui</c>: MiniGui-Bench, all methods at all budgets, one reading of each prompt.</summary>
internal static class MiniGuiEval
{
    private const string DefaultKeep = "1%,2%,3%,5%,10%,20%,40%,100%";

    public static Command Create(Terminal terminal)
    {
        var manifest = new Option<string?>("--manifest")
        {
            Description = "Other tasks than the benchmark's: " +
            "a file that eval manifest wrote.",
            HelpName = "JSON"
        };
        var bench = BenchVersions.Option();
        var sessions = new Option<string?>("--sessions")
        {
            Description = "Give histories with the instruction first step by step, each cache with its own earlier answers, in modes " +
            "separated by commas: reread (everything at each step), lossless, store, evict; behind colons window=N, slide=drop or " +
            "exact, budget=share or final, protect=none.",
            HelpName = "LIST"
        };
        var episodes = new Option<bool>("--episodes")
        {
            Description = "The long conversations of MiniGui-Episodes instead, with --sessions; --filter steps=10 or steps=20 takes " +
            "those of one length.",
        };
        var thoughts = new Option<bool>("--thoughts")
        {
            Description = "For a model that thinks before it acts: earlier answers in prompts have thoughts, answers may be " +
            $"{MiniGuiBenchmark.TokensWithThoughts} tokens long, and the action after the thought is judged.",
        };
        var run = new EvalRun(DefaultKeep, "kind=icon, form=first, split=test, size=336x336, frames=3");
        var command = new Command("minigui", "Run MiniGui-Bench. Stopped at any time, it goes " +
            "on where it was when called again.") { bench, manifest, sessions, episodes, thoughts };
        foreach (var option in run.Options)
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var (list, isLong, thinks) = (parsed.GetValue(manifest), parsed.GetValue(episodes), parsed.GetValue(thoughts));
            var modes = parsed.GetValue(sessions) is { } written ? SessionMode.ParseList(written) : null;
            if (isLong && (modes is null || list is not null))
                throw new StarKvException(
                    "--episodes are conversations: give them step by step, as in --sessions reread,lossless, and without --manifest.");
            var version = parsed.GetValue(bench);
            if (version is not BenchVersion.V1 && (isLong || list is not null))
                throw new StarKvException(
                    $"--bench {Names.Of(version)} is a list of tasks; leave out --episodes and --manifest, which are others.");
            if (isLong && thinks)
                throw new StarKvException("--episodes have no thoughts; leave --thoughts out.");
            IBenchmark benchmark = isLong ? new EpisodeBenchmark() : MiniGuiBenchmark.Of(list, thinks, BenchVersions.NameOf(version));
            var sources = new RunSources(isLong ? RunBenchmark.Episodes : RunBenchmark.MiniGui, run.Model(parsed))
            {
                TaskList = list is null ? null : Path.GetFullPath(list),
            };
            return Task.FromResult(run.Run(
                terminal, parsed, benchmark, sources, "starkv-eval", cancellation, modes,
                thinks ? MiniGuiBenchmark.TokensWithThoughts : null));
        });
        return command;
    }
}
