using System.CommandLine;
using StarKV.Act;
using StarKV.Files;
using StarKV.Input;
using StarKV.Reports.Overlays;
using StarKV.Runtime;
using StarKV.Text;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv ground</c>: an instruction about screenshots in, an action out.</summary>
internal static class GroundCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model")
        {
            Description = "Model folder in Hugging Face form, or ORG/NAME[@REVISION] of the " +
            "cache (starkv pull).",
            Required = true,
            HelpName = "DIR"
        };
        var images = new Option<string[]>("--image")
        {
            Description = "Screenshots (PNG, JPEG, WebP); several are a history, oldest first.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "FILE",
        };
        var instruction = new Option<string>("--instruction") { Description = "What to do, in words.", Required = true, HelpName = "TEXT" };
        var past = new Option<string[]>("--past-action")
        {
            Description = "The model's earlier answers, oldest first; " +
            "repeat it for each one.",
            HelpName = "TEXT"
        };
        var prompt = SharedOptions.Prompt();
        var (device, type) = (SharedOptions.Device(), SharedOptions.NumberType());
        var overlay = OutputOption.File("--overlay", "picture", "Write a picture of what was kept.", "PNG");
        var writing = new WritingOptions();
        var json = SharedOptions.Json();
        var compression = new CompressionOptions();
        var command = new Command("ground", "Answer an instruction about a screenshot, or about a history of them, on a compressed cache.")
        {
            model, images, instruction, past, prompt, compression.Method, compression.Keep, compression.Set, compression.Protect,
            compression.AnswerInterval, device, type, overlay,
        };
        foreach (var option in writing.All.Append(json))
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            // What costs little is checked before the model is loaded.
            var files = parsed.GetValue(images) ?? [];
            Apart.File(parsed.GetValue(overlay), "picture", "a screenshot that is read", files);
            if (files.Length == 0)
                throw new StarKvException("no screenshot was given; name at least one with --image FILE.");
            var screens = files.Select(f => Screenshot.Load(f)).ToList();
            var options = new GroundingOptions
            {
                Method = compression.ReadMethod(parsed, screens[^1]),
                Budget = compression.ReadBudget(parsed),
                PastActions = parsed.GetValue(past) ?? [],
                Prompt = parsed.GetValue(prompt) is { } name ? PromptStyle.Get(name) : null,
                Generation = writing.Read(parsed),
            };
            var (folder, text) = (parsed.GetValue(model)!, parsed.GetValue(instruction)!);
            using var agent = terminal.Working($"Loading " +
                $"{folder}", tell => AgentLoader.Load(folder, parsed.GetValue(device)!, parsed.GetValue(type)!, tell, cancellation));
            var answer = terminal.Working($"Answering on {agent.Compute.Device} with " +
                $"{options.Method.Name}", _ => agent.Ground(screens, text, options, cancellation));
            SideFile.Write(parsed.GetValue(overlay), path => AnswerOverlay.Render(screens, text, options, answer).SavePng(path), path =>
            {
                if (parsed.GetValue(json))
                    terminal.WriteJson(AnswerJson.Of(options, answer, agent.Compute));
                else
                    Print(terminal, options, answer, path);
            });
            return Task.FromResult(answer.Parsed.Reason is null ? ExitCodes.Success : ExitCodes.Failed);
        });
        return command;
    }

    private static void Print(Terminal terminal, GroundingOptions options, GroundingAnswer answer, string? overlay)
    {
        var grid = Tables.Values();
        grid.Row("answer", ConsoleMarkup.Lines(answer.Text));
        grid.Row("action", answer.Action?.ToString(answer.Coordinates) ?? $"none ({answer.Parsed.Reason})");
        grid.Row("method", $"{options.Method.Name}, keep {options.Budget}");
        grid.Row("kept", $"{Format.Number(answer.Kv.KeptTokens)} of {answer.Kv.PromptTokens} tokens");
        grid.Row("KV bytes", $"{Format.Bytes(answer.Kv.Bytes)} held of {Format.Bytes(answer.Kv.FullBytes)} " +
            $"({Format.Percent(answer.Kv.KeptShare)})");
        if (answer.Draft is { } draft)
        {
            grid.Row("draft", $"{ListText.Count(draft.Tokens.Count, "token")}, " +
                $"{Format.Bytes(draft.HeldBytes)} of KV held when it was written");
        }

        grid.Row("time", Times.Of(answer.Times));
        if (MemoryReading.Now() is var memory)
            grid.Row("process", $"{Format.Bytes(memory.ProcessBytes)} resident");
        if (overlay is not null)
            grid.Row("overlay", overlay);
        foreach (var diagnostic in answer.Parsed.Diagnostics)
            grid.Row(diagnostic.Severity is DiagnosticSeverity.Error ? "error" : "note", diagnostic.Message);
        terminal.Write(grid);
    }
}
