using System.CommandLine;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Files;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval manifest</c>: finds every task of MiniGui-Bench again, or others like them.</summary>
internal static class ManifestCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = OutputOption.File("--out", "manifest", "Where the manifest goes.", "JSON", $"{MiniGuiManifest.Name}.json");
        var each = new Option<int?>("--of-each-kind")
        {
            Description = $"So many tasks of every kind and form instead, " +
            $"1 to {MiniGuiPlan.MaxOfKind}; none is in the benchmark.",
            HelpName = "N"
        };
        var command = new Command("manifest", "Find every task of MiniGui-Bench again and write the list of them; " +
            "takes a minute.") { output, each };
        command.SetAction((parsed, cancellation) =>
        {
            var count = parsed.GetValue(each);
            if (count is < 1 or > MiniGuiPlan.MaxOfKind)
                throw new StarKvException($"--of-each-kind is {count}; it must be 1 to {MiniGuiPlan.MaxOfKind}.");
            var plan = count is { } n ? MiniGuiPlan.OfEachKind(n) : MiniGuiPlan.Bench;
            var tasks = terminal.Working($"Drawing " +
                $"{Format.Count(plan.Count, "task")}", tell => MiniGuiManifest.Make(plan, done => tell($"Drawing: {done} of " +
                    $"{plan.Count}"), cancellation));
            AtomicFile.Write(parsed.GetValue(output)!, MiniGuiManifest.Bytes(tasks), "manifest");
            terminal.WriteLine($"{Format.Count(tasks.Count, "task")}: {parsed.GetValue(output)}");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
