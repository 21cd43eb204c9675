using System.CommandLine;
using StarKV.Evaluation.Reports.Models;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval models</c>: one page of several models' runs, with what holds in how many of them.</summary>
internal static class ModelsCommand
{
    private const string DefaultSubject = "probe";

    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("NAME=DIR")
        {
            Description = "Folders of finished runs on the same tasks with the same methods and budgets, each with its model's name, " +
            "in the order of the page; those of one model count as one.",
            Arity = ArgumentArity.OneOrMore
        };
        var output = OutputOption.File("--out", "page", "Where the page goes; its pictures go " +
            "into the folder images beside it.", "MD", "results-models.md");
        var subject = new Option<string>("--subject")
        {
            Description = "The method that every other one is tested against.",
            DefaultValueFactory = _ => DefaultSubject,
            HelpName = "METHOD"
        };
        var command = new Command("models", "Write the results of several models as one page: what holds in how many of them.")
            { folders, output, subject };
        command.SetAction(parsed =>
        {
            var page = new PageFiles(parsed.GetValue(output)!);
            var models = ComparedModels.Read(parsed.GetValue(folders)!);
            var method = parsed.GetValue(subject)!;
            var methods = models.SelectMany(m => m.Runs).SelectMany(r => r.Plan.Methods).Distinct().ToList();
            if (!methods.Contains(method))
                throw new StarKvException($"--subject {method} is in none of the runs; they have {string.Join(", ", methods)}.");
            var (markdown, pictures) = new ModelsPage(models, method).Make(PageFiles.Images, page.Name);
            page.Write(markdown, pictures, terminal);
            return ExitCodes.Success;
        });
        return command;
    }
}
