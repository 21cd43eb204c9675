using System.CommandLine;
using StarKV.Conformance;
using StarKV.Runtime;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv conformance</c>: every test vector below a folder, case by case.</summary>
internal static class ConformanceCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "A folder with vectors, such as tests/vectors." };
        var failures = new Option<bool>("--failures") { Description = "Show only cases that did not pass." };
        var device = new Option<string>("--device")
        {
            Description = "Where vectors of whole models run: cpu, cuda or cuda:N.",
            DefaultValueFactory = _ => "cpu",
            HelpName = "NAME",
        };
        var type = new Option<string>("--dtype")
        {
            Description = "Their number type: float32, or bfloat16, which compares the logits alone with what the vectors allow.",
            DefaultValueFactory = _ => "float32",
            HelpName = "TYPE",
        };
        var json = SharedOptions.Json();
        var command = new Command("conformance", "Run every test vector below a folder; exit 0 only if none " +
            "failed.") { folder, failures, device, type, json };
        command.SetAction((parsed, cancellation) =>
        {
            using var thread = new InferenceThread("StarKV conformance");
            var results = terminal.Working("Running vectors", tell => thread.Run(() =>
            {
                var list = new List<CaseResult>();
                foreach (var result in ConformanceSuite.Run(
                    parsed.GetValue(folder)!, () => Compute.Choose(parsed.GetValue(device)!, parsed.GetValue(type)!)))
                {
                    cancellation.ThrowIfCancellationRequested();
                    list.Add(result);
                    tell($"{list.Count} cases, last {result.Group} {result.Case}");
                }

                return list;
            }));
            var shown = parsed.GetValue(failures) ? results.Where(r => r.Verdict != CaseVerdict.Pass).ToList() : results;
            if (parsed.GetValue(json))
                terminal.WriteJson(
                    new
                    {
                        Passed = Count(results, CaseVerdict.Pass),
                        Failed = Count(results, CaseVerdict.Fail),
                        Unsupported = Count(
                        results,
                        CaseVerdict.Unsupported),
                        Cases = shown.Select(
                            r => new { r.Group, r.Case, Verdict = Word(r.Verdict), r.Detail })
                    });
            else
                Print(terminal, shown, results);
            return Task.FromResult(Count(results, CaseVerdict.Fail) == 0 ? ExitCodes.Success : ExitCodes.Failed);
        });
        return command;
    }

    private static void Print(Terminal terminal, List<CaseResult> shown, List<CaseResult> all)
    {
        var table = Tables.Of("group").AddColumn(Tables.Names("case")).Columns("verdict", "detail");
        foreach (var result in shown)
        {
            var colour = result.Verdict switch { CaseVerdict.Pass => "green", CaseVerdict.Fail => "red", _ => "yellow" };
            table.Row(result.Group, result.Case, ConsoleMarkup.Of($"[{colour}]{Word(result.Verdict)}[/]"), result.Detail ?? "");
        }

        if (shown.Count > 0)
            terminal.Write(table);
        terminal.WriteLine($"{Count(all, CaseVerdict.Pass)} passed, {Count(all, CaseVerdict.Fail)} failed, " +
            $"{Count(all, CaseVerdict.Unsupported)} unsupported");
    }

    private static int Count(List<CaseResult> results, CaseVerdict verdict) => results.Count(r => r.Verdict == verdict);

    private static string Word(CaseVerdict verdict) =>
        verdict switch { CaseVerdict.Pass => "pass", CaseVerdict.Fail => "fail", _ => "unsupported" };
}
