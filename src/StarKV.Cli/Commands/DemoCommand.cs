using System.CommandLine;
using Spectre.Console;
using StarKV.Budget;
using StarKV.Files;
using StarKV.Reports.Overlays;
using StarKV.Score;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv demo</c>: the shipped model answers the shipped screenshot with the full cache and with 20 % of it.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var overlay = OutputOption.File("--overlay", "picture", "Where the picture of what was kept goes.", "PNG", "starkv-demo.png");
        var (device, type) = (SharedOptions.Device(), SharedOptions.NumberType());
        var json = SharedOptions.Json();
        var command = new Command("demo", "Answer the shipped screenshot with the shipped model: " +
            "full cache beside 20 %.") { overlay, device, type, json };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = ShippedModel.Find();
            Apart.File(parsed.GetValue(overlay), "picture", "the screenshot that is read", DemoTask.ScreenshotPath(folder));
            var task = DemoTask.Load(folder);
            var screen = task.Screen;
            using var agent = terminal.Working("Loading the shipped " +
                "model", tell => AgentLoader.Load(folder, parsed.GetValue(device)!, parsed.GetValue(type)!, tell, cancellation));
            GroundingOptions[] choices =
            [
                new() { Method = new Full(), Budget = KvBudget.All },
                new() { Method = new StarKv(), Budget = KvBudget.Keep(0.20) },
            ];
            var runs = choices.Select(options => (options, answer: terminal.Working(
                $"Answering with {options.Method.Name}", _ => agent.Ground(screen, task.Instruction, options, cancellation)))).ToList();
            SideFile.Write(parsed.GetValue(overlay), path => AnswerOverlay.Render(
                [screen], task.Instruction, runs[1].options, runs[1].answer, task.Box).SavePng(path), path =>
            {
                if (parsed.GetValue(json))
                    terminal.WriteJson(
                        new
                        {
                            task.Instruction,
                            Overlay = path,
                            Answers = runs.Select(
                            r => AnswerJson.Of(r.options, r.answer, agent.Compute))
                        });
                else
                    Print(terminal, task, runs, path);
            });
            return Task.FromResult(runs.All(r => task.IsRight(r.answer)) ? ExitCodes.Success : ExitCodes.Failed);
        });
        return command;
    }

    private static void Print(
        Terminal terminal, DemoTask task, List<(GroundingOptions Options, GroundingAnswer Answer)> runs, string? overlay)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(Tables.Names(""));
        foreach (var (options, _) in runs)
            table.AddColumn(Tables.Column(ConsoleMarkup.Of($"[bold]{options.Method.Name}[/] " +
                $"{(options.Compression.KeepsEverything ? "" : $"keep {options.Budget}")}")));
        void Row(string name, Func<GroundingAnswer, ConsoleMarkup> value) => table.Row([name, .. runs.Select(r => value(r.Answer))]);
        Row("answer", a => ConsoleMarkup.Lines(a.Text));
        Row("action", a => a.Action?.ToString(a.Coordinates) ?? "none");
        Row("inside the target", a => task.IsRight(a) ? "yes" : "no");
        Row("tokens kept", a => $"{Format.Number(a.Kv.KeptTokens)} of {a.Kv.PromptTokens}");
        Row("KV bytes held", a => $"{Format.Bytes(a.Kv.Bytes)} of {Format.Bytes(a.Kv.FullBytes)} ({Format.Percent(a.Kv.KeptShare)})");
        Row("preprocess", a => Format.Milliseconds(a.Times.Preprocess));
        Row("vision", a => Format.Milliseconds(a.Times.Vision));
        Row("prefill", a => Format.Milliseconds(a.Times.Prefill));
        Row("  of it selection", a => Format.Milliseconds(a.Times.Selection));
        Row("decode", a => Format.Milliseconds(a.Times.Decode));
        terminal.WriteLine($"[bold]{task.Instruction}[/]");
        terminal.Write(table);
        if (overlay is not null)
            terminal.WriteLine($"What was kept: {overlay}");
    }
}
