using System.CommandLine;
using Spectre.Console;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Report;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval manifest</c>: finds every task of MiniGui-Bench again.</summary>
internal static class ManifestCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--out") { Description = "Where the manifest goes.", DefaultValueFactory = _ => $"{MiniGuiManifest.Name}.json", HelpName = "JSON" };
        var command = new Command("manifest", "Find every task of MiniGui-Bench again and write the list of them; takes minutes.") { output };
        command.SetAction((parsed, cancellation) =>
        {
            var tasks = terminal.Working($"Drawing {MiniGuiPlan.Count} tasks", tell => MiniGuiManifest.Make(done => tell($"Drawing: {done} of {MiniGuiPlan.Count}"), cancellation));
            WholeFile.Write(parsed.GetValue(output)!, MiniGuiManifest.Bytes(tasks), "manifest");
            terminal.Console.WriteLine($"{tasks.Count} tasks: {parsed.GetValue(output)}");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
