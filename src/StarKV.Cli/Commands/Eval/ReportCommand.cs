using System.CommandLine;
using StarKV.Evaluation.Reports;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval report</c>: the page of results and its curves, from the files of finished runs.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders of finished runs, in the order of the page; " +
            "those with shards of one run count as one.",
            Arity = ArgumentArity.OneOrMore
        };
        var output = OutputOption.File("--out", "page", "Where the page goes; its pictures go " +
            "into the folder images beside it.", "MD", "results.md");
        var subject = new Option<string>("--subject")
        {
            Description = "The method that the others are tested against.",
            DefaultValueFactory = _ => ResultsPage.DefaultSubject,
            HelpName = "METHOD"
        };
        var command = new Command("report", "Write the results of finished runs as a page with tables, " +
            "paired tests and curves.") { folders, output, subject };
        command.SetAction(parsed =>
        {
            var page = new PageFiles(parsed.GetValue(output)!);
            var runs = FinishedRun.Read(parsed.GetValue(folders)!);
            var named = parsed.GetValue(subject)!;
            if (parsed.GetResult(subject) is { Implicit: false } && !runs.Any(r => r.Plan.Methods.Contains(named)))
            {
                var methods = string.Join(", ", runs.SelectMany(r => r.Plan.Methods).Distinct());
                throw new StarKvException($"--subject {named} is in none of the runs; they have {methods}.");
            }

            var (markdown, pictures) = new ResultsPage(runs) { Subject = named }.Make(PageFiles.Images, page.Name);
            page.Write(markdown, pictures, terminal);
            return ExitCodes.Success;
        });
        return command;
    }
}
