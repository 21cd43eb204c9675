using System.CommandLine;
using StarKV.Compact;
using StarKV.Evaluation.Runs;
using StarKV.Files;
using StarKV.Input;
using StarKV.Reports.Inspect;
using StarKV.Reports.Inspect.Page;
using StarKV.Text;

namespace StarKV.Cli.Commands;

/// <summary>
/// <c>starkv inspect</c>: one prompt, any list of methods and budgets, one page that shows what each keeps; or the steps of sessions.
/// </summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = SharedOptions.ModelOrShipped();
        var images = new Option<string[]>("--image")
        {
            Description = "Screenshots (PNG, JPEG, WebP); several are a history, " +
            "oldest first. Default: the demo's, with its instruction and box.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "FILE"
        };
        var instruction = new Option<string?>("--instruction") { Description = "What to do, in words.", HelpName = "TEXT" };
        var past = new Option<string[]>("--past-action")
        {
            Description = "The model's earlier answers, oldest first; " +
            "repeat it for each one.",
            HelpName = "TEXT"
        };
        var prompt = new Option<string?>("--prompt")
        {
            Description = $"Wording: {string.Join(", ", PromptStyle.Names)} or file:PATH. " +
            $"Default: the model folder's own.",
            HelpName = "NAME"
        };
        var methods = new Option<string[]>("--method")
        {
            Description = "Methods, separated by commas; options behind colons: " +
            "snapkv,star-kv:alpha=1:grid=square. May be repeated. Default: every method.",
            HelpName = "LIST"
        };
        var keep = new Option<string>("--keep")
        {
            Description = "Budgets, separated by commas: 5%,10%,20% or 512t; " +
            "a bare number above 1 is percent.",
            DefaultValueFactory = _ => "20%",
            HelpName = "LIST"
        };
        var match = Names.Option("--match", "What is equal at one budget: tokens per layer, or bytes held.", MatchBy.Tokens);
        var box = new Option<string?>("--box")
        {
            Description = "The right answer's place on the last screenshot, in pixels: " +
            "x,y,width,height.",
            HelpName = "BOX"
        };
        var difference = new Option<string[]>("--difference")
        {
            Description = "Two methods as in --method, METHOD@BUDGET where there " +
            "are several budgets; their difference is shown " +
                "first.",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
            HelpName = "A B"
        };
        var output = OutputOption.File("--out", "page", "Where the page goes.", "HTML", "starkv-inspect.html");
        var picture = OutputOption.File(
            "--picture", "picture", "Where one picture goes: the newest screenshot as each cache holds it, with its click.", "PNG");
        var (device, type) = (SharedOptions.Device(), SharedOptions.NumberType());
        var json = SharedOptions.Json();
        var wrappers = new CompressionOptions();
        var steps = new InspectSteps();
        var command = new Command("inspect", "Show on one page what methods keep of a prompt, what that costs, " +
            "and whether the answer survives.")
        {
            model, images, instruction, past, prompt, methods, keep, wrappers.Protect, wrappers.AnswerInterval, match, box, difference,
            steps.Steps, steps.Storage, steps.Window, output, picture, device, type, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            // What costs nothing is checked before the model is loaded.
            string[] files = parsed.GetValue(images) is { Length: > 0 } named ? named : [DemoTask.ScreenshotPath(ShippedModel.Find())];
            Apart.File(parsed.GetValue(output), "page", "a screenshot that is read", files);
            Apart.File(parsed.GetValue(picture), "picture", "a screenshot that is read", files);
            if (parsed.GetValue(picture) is { } drawn)
                Apart.File(drawn, "picture", "the page", parsed.GetValue(output)!);
            var task = ReadTask(parsed.GetValue(model), parsed.GetValue(images) ?? [], parsed.GetValue(instruction), parsed.GetValue(box));
            var style = parsed.GetValue(prompt) is { } name ? PromptStyle.Get(name) : null;
            if (parsed.GetValue(steps.Steps))
            {
                var one = InspectSteps.ReadCompression(
                    parsed, parsed.GetValue(methods) ?? [], parsed.GetValue(keep)!, [match, box, difference, picture]);
                var storages = steps.ReadStorages(parsed);
                var session = new SessionOptions
                {
                    Method = wrappers.Wrap(parsed, one.Method, task.Screens[^1]),
                    Budget = one.Budget,
                    FrameWindow = parsed.GetValue(steps.Window),
                    PastActions = parsed.GetValue(past) ?? [],
                    Prompt = style,
                };
                using var loaded = Load(task.Model);
                var taken = $"{Format.Count(task.Screens.Count, "step")} of {Format.Count(storages.Count, "session")}";
                var film = new SessionPage(terminal.Working(
                    $"Taking {taken} on {loaded.Compute.Device}",
                    _ => loaded.InspectSteps(task.Screens, task.Instruction, session, storages, cancellation)))
                {
                    Model = NameOf(task.Model),
                    Device = DeviceOf(loaded),
                    Command = CommandText.Of(parsed),
                };
                SideFile.Write(parsed.GetValue(output), film.Save, path =>
                {
                    if (parsed.GetValue(json))
                        terminal.WriteJson(SessionInspectionJson.Of(film, path, loaded.Compute));
                    else
                        InspectSteps.Print(terminal, film.Inspection, path);
                });
                return Task.FromResult(ExitCodes.Success);
            }

            steps.RefuseWithoutSteps(parsed);
            var listed = CompressionList.Read(parsed.GetValue(methods) ?? [], parsed.GetValue(keep)!);
            var pair = CompressionList.Pair(listed, parsed.GetValue(difference) ?? []);
            var compressions = listed.Select(c => c with { Method = wrappers.Wrap(parsed, c.Method, task.Screens[^1]) }).ToList();
            var options = new InspectionOptions
            {
                Compressions = compressions,
                MatchBytes = parsed.GetValue(match) is MatchBy.Bytes,
                Target = task.Box,
                PastActions = parsed.GetValue(past) ?? [],
                Prompt = style,
            };
            using var agent = Load(task.Model);
            var inspection = terminal.Working($"Reading the prompt and answering from {Format.Count(compressions.Count, "cache")} on " +
                $"{agent.Compute.Device}", _ => agent.Inspect(task.Screens, task.Instruction, options, cancellation));
            var page = new InspectionPage(inspection)
            {
                Model = NameOf(task.Model),
                Device = DeviceOf(agent),
                Command = CommandText.Of(parsed),
                Difference = pair is { } asked ? Shown(inspection, compressions[asked.First], compressions[asked.Second]) : null,
            };
            SideFile.Write(parsed.GetValue(picture), path => InspectionPicture.Save(inspection, path), shown =>
                SideFile.Write(parsed.GetValue(output), page.Save, path =>
                {
                    if (parsed.GetValue(json))
                        terminal.WriteJson(InspectionJson.Of(page, path, agent.Compute));
                    else
                        Print(terminal, inspection, path);
                    if (shown is not null && !parsed.GetValue(json))
                        terminal.WriteLine($"Picture: {shown}");
                }));
            return Task.FromResult(inspection.Failed.Count == 0 ? ExitCodes.Success : ExitCodes.Failed);

            GuiAgent Load(string folder) => terminal.Working(
                $"Loading {folder}",
                tell => AgentLoader.Load(folder, parsed.GetValue(device)!, parsed.GetValue(type)!, tell, cancellation));
        });
        return command;
    }

    private static string NameOf(string model) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)));

    private static string DeviceOf(GuiAgent agent) => $"{agent.Compute.Device}, {Names.Of(agent.Compute.DType)}";

    private sealed record InspectTask(string Model, IReadOnlyList<Screenshot> Screens, string Instruction, PixelBox? Box);

    private static InspectTask ReadTask(string? model, string[] images, string? instruction, string? box)
    {
        var known = box is null ? null : (PixelBox?)ReadBox(box);
        if (images.Length == 0 && instruction is null)
        {
            var demo = DemoTask.Load(ShippedModel.Find());
            return new InspectTask(model ?? ShippedModel.Find(), [demo.Screen], demo.Instruction, known ?? demo.Box);
        }

        if (images.Length == 0 || instruction is null)
            throw new StarKvException("inspect needs both --image and --instruction, or neither for the demo's task.");
        return new InspectTask(model ?? ShippedModel.Find(), [.. images.Select(f => Screenshot.Load(f))], instruction, known);
    }

    /// <summary>Where two compressions stand among the caches; null when one of them gave none.</summary>
    private static (int First, int Second)? Shown(Inspection inspection, Compression first, Compression second)
    {
        var caches = inspection.Caches.Select(c => c.Compression).ToList();
        return (caches.IndexOf(first), caches.IndexOf(second)) is ( >= 0, >= 0) pair ? pair : null;
    }

    private static PixelBox ReadBox(string text)
    {
        var numbers = text.Split(',').Select(t => double.TryParse(t, out var n) ? n : double.NaN).ToArray();
        return numbers.Length == 4 && numbers.All(double.IsFinite)
            ? new PixelBox(numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3])
            : throw new StarKvException($"--box {text} is not of the form x,y,width,height in pixels.");
    }

    private static void Print(Terminal terminal, Inspection inspection, string? path)
    {
        var table = Tables.Of("method", ["rows per layer", "KV bytes " +
            "held", "selection", "answer", .. inspection.Target is null ? Array.Empty<string>() : ["in target", "target kept"]]);
        foreach (var cache in inspection.Caches)
        {
            var (answer, rows) = (cache.Answer, cache.Answer.Kv.RowsPerLayer);
            ConsoleMarkup[] cells =
            [
                cache.Compression.ToString(), rows.Min() == rows.Max() ? $"{rows[0]}" : $"{rows.Min()}–{rows.Max()}",
                $"{Format.Bytes(answer.Kv.Bytes)} ({Format.Percent(answer.Kv.KeptShare)})",
                Format.Milliseconds(answer.Times.Selection), answer.Action?.ToString(answer.Coordinates) ?? "no action",
                .. cache is { PointsInside: { } inside, Survival: { } survival } ? [inside ? "yes" : "no",
                    Format.Percent(survival.Mean)] : Array.Empty<ConsoleMarkup>(),
            ];
            table.Row(cells);
        }

        terminal.WriteLine($"[bold]{inspection.Instruction}[/]");
        terminal.Write(table);
        foreach (var failed in inspection.Failed)
            terminal.WriteLine($"{failed.Compression.ToString()}: {failed.Error.Message}");
        if (path is not null)
            terminal.WriteLine($"Page: {path}");
    }
}
