using System.CommandLine;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;
using StarKV.Files;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval manifest</c>: finds every task of MiniGui-Bench again, or others like them.</summary>
internal static class ManifestCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = OutputOption.File(
            "--out", "manifest", $"Where the manifest goes; that of v2 to {MiniGuiManifest.HardName}.json by default, and so on.", "JSON",
            $"{MiniGuiManifest.Name}.json");
        var each = new Option<int?>("--of-each-kind")
        {
            Description = $"So many tasks of every kind and form instead, " +
            $"1 to {MiniGuiPlan.MaxOfKind}; none is in the benchmark.",
            HelpName = "N"
        };
        var episodes = new Option<bool>("--episodes")
        {
            Description = "The long conversations of MiniGui-Episodes instead; needs --out."
        };
        var bench = BenchVersions.Option();
        var command = new Command("manifest", "Find every task of MiniGui-Bench again and write the list of them; " +
            "takes a minute.") { output, bench, each, episodes };
        command.SetAction((parsed, cancellation) =>
        {
            var count = parsed.GetValue(each);
            if (count is < 1 or > MiniGuiPlan.MaxOfKind)
                throw new StarKvException($"--of-each-kind is {count}; it must be 1 to {MiniGuiPlan.MaxOfKind}.");
            var version = parsed.GetValue(bench);
            if (version is not BenchVersion.V1 && (count is not null || parsed.GetValue(episodes)))
                throw new StarKvException(
                    $"--bench {Names.Of(version)} is a list of tasks; leave out --of-each-kind and --episodes, which are others.");
            var path = parsed.GetResult(output) is { Implicit: true } ? null : parsed.GetValue(output);
            if (parsed.GetValue(episodes))
            {
                return Task.FromResult(Episodes(terminal, count, path, cancellation));
            }

            var plan = count is { } n ? MiniGuiPlan.OfEachKind(n) : version switch
            {
                BenchVersion.V1b => MiniGuiPlan.Second,
                BenchVersion.V2 => MiniGuiPlan.Hard,
                _ => MiniGuiPlan.Bench,
            };
            var tasks = terminal.Working($"Drawing " +
                $"{Format.Count(plan.Count, "task")}", tell => MiniGuiManifest.Make(plan, done => tell($"Drawing: {done} of " +
                    $"{plan.Count}"), cancellation));
            path ??= $"{BenchVersions.NameOf(version)}.json";
            AtomicFile.Write(path, MiniGuiManifest.Bytes(tasks), "manifest");
            terminal.WriteLine($"{Format.Count(tasks.Count, "task")}: {path}");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static int Episodes(Terminal terminal, int? count, string? path, CancellationToken cancellation)
    {
        if (count is not null)
            throw new StarKvException("--of-each-kind is for single tasks; leave it out with --episodes.");
        if (path is null)
            throw new StarKvException($"--episodes needs --out; name a file, such as {EpisodeManifest.Name}.json.");
        var tasks = terminal.Working(
            $"Drawing {Format.Count(EpisodePlan.Count, "episode")}",
            tell => EpisodeManifest.Make(done => tell($"Drawing: {done} of {EpisodePlan.Count}"), cancellation));
        AtomicFile.Write(path, EpisodeManifest.Bytes(tasks), "manifest");
        terminal.WriteLine($"{Format.Count(tasks.Count, "episode")}: {path}");
        return ExitCodes.Success;
    }
}
