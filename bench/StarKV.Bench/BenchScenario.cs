using System.CommandLine;
using Spectre.Console;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Evaluation.Runs;
using StarKV.Kernels;
using StarKV.Models;
using StarKV.Runtime;

namespace StarKV.Bench;

/// <summary>One row of a scenario's result.</summary>
/// <param name="Screens">Screenshots in the prompt.</param>
/// <param name="Method">The method as written.</param>
/// <param name="Keep">The budget.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
internal record BenchRow(int Screens, string Method, string Keep, int PromptTokens);

/// <summary>A measurement of a model that the command line describes, as a table or as JSON with the machine it was made on.</summary>
internal static class BenchScenario
{
    /// <summary>Makes the scenario's command.</summary>
    /// <param name="terminal">Where results go.</param>
    /// <param name="name">Its verb.</param>
    /// <param name="description">What it measures.</param>
    /// <param name="columns">The table's columns after screenshots, method and budget.</param>
    /// <param name="run">Measures, row by row.</param>
    /// <param name="methods">Methods when none are named.</param>
    /// <param name="defaultScreens">Screenshots when no number is named; null for 1 and 5.</param>
    /// <param name="budgets">Budgets when none are named.</param>
    public static Command Create<T>(
        Terminal terminal, string name, string description, IReadOnlyList<(string Title, Func<T, string> Value)> columns, Func<BenchPlan,
        IVisionLanguageModel, IEnumerable<T>> run,
        string methods = "full,star-kv,gui-kv,snapkv", int[]? defaultScreens = null, string budgets = "20%")
        where T : BenchRow =>
        Create<T>(
            terminal, name, description, columns,
            (plan, _, show) =>
            {
                using var thread = new InferenceThread("StarKV bench");
                thread.Run(() =>
                {
                    using var model = plan.Open();
                    show(model.Compute, run(plan, model));
                });
            },
            methods, defaultScreens, budgets, []);

    /// <summary>Makes the command of a scenario that asks an agent, as programs do.</summary>
    /// <param name="terminal">Where results go.</param>
    /// <param name="name">Its verb.</param>
    /// <param name="description">What it measures.</param>
    /// <param name="columns">The table's columns after screenshots, method and budget.</param>
    /// <param name="run">Measures, row by row.</param>
    /// <param name="methods">Methods when none are named.</param>
    /// <param name="defaultScreens">Screenshots when no number is named.</param>
    /// <param name="options">Options of its own, which the measurement reads.</param>
    public static Command OfAgent<T>(
        Terminal terminal, string name, string description, IReadOnlyList<(string Title, Func<T, string> Value)> columns,
        Func<BenchPlan, GuiAgent, ParseResult, IEnumerable<T>> run, string methods, int[] defaultScreens, params Option[] options)
        where T : BenchRow =>
        Create<T>(
            terminal, name, description, columns,
            (plan, parsed, show) =>
            {
                using var agent = plan.OpenAgent();
                show(agent.Compute, run(plan, agent, parsed));
            },
            methods, defaultScreens, "20%", options);

    private static Command Create<T>(
        Terminal terminal, string name, string description, IReadOnlyList<(string Title, Func<T, string> Value)> columns,
        Action<BenchPlan, ParseResult, Action<Compute, IEnumerable<T>>> measure, string methods, int[]? defaultScreens, string budgets,
        Option[] own)
        where T : BenchRow
    {
        var shape = new Option<string>("--shape")
        {
            Description = $"A published shape with random weights made on the device: {BenchPlan.ShapeNames}.",
            DefaultValueFactory = _ => "7b",
            HelpName = "NAME"
        };
        var model = new Option<string?>("--model") { Description = "A model folder instead of a shape.", HelpName = "DIR" };
        var screens = new Option<int[]>("--screens")
        {
            Description = "Screenshots a " +
            "prompt.",
            DefaultValueFactory = _ => defaultScreens ?? [1, 5],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "N"
        };
        var size = BenchPrompt.Size();
        var method = new Option<string[]>("--method")
        {
            Description = "Methods, separated by commas; options behind " +
            "colons.",
            DefaultValueFactory = _ => [methods],
            HelpName = "LIST"
        };
        var keep = new Option<string>("--keep")
        {
            Description = "Budgets, separated by commas; a bare number above 1 is " +
            "percent.",
            DefaultValueFactory = _ => budgets,
            HelpName = "LIST"
        };
        var repeats = new Option<int>("--repeats")
        {
            Description = $"Timed runs after {BenchPlan.WarmUps} to warm " +
            $"up.",
            DefaultValueFactory = _ => 10,
            HelpName = "N"
        };
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var command = new Command(name, description) { shape, model, screens, size, method, keep };
        // Those with options of their own count what happens in a time, not runs.
        foreach (var option in own.Length > 0 ? own : [repeats])
            command.Add(option);
        command.Add(device);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var (width, height) = BenchPrompt.ReadSize(parsed, size);
            var plan = new BenchPlan(
                parsed.GetValue(shape)!, parsed.GetValue(model), parsed.GetValue(screens)!, width, height, CompressionList.Read(
                    parsed.GetValue(method)!, parsed.GetValue(keep)!),
                own.Length > 0 ? 1 : parsed.GetValue(repeats), parsed.GetValue(device)!);
            if (plan.Repeats < 1 || plan.Screens.Any(n => n < 1))
                throw new StarKvException($"--repeats is {plan.Repeats} and --screens " +
                    $"{string.Join(' ', plan.Screens)}; both must be at least 1.");
            var foot = own.Length > 0
                ? "Percentiles: 50th, 95th, 99th"
                : $"Medians of {Format.Count(plan.Repeats, "run")}, least and largest in brackets";
            measure(plan, parsed, (compute, rows) => Show(terminal, name, plan, columns, compute, rows, foot, parsed.GetValue(json)));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void Show<T>(
        Terminal terminal, string scenario, BenchPlan plan, IReadOnlyList<(string Title, Func<T, string> Value)> columns, Compute compute,
        IEnumerable<T> measured, string foot, bool json)
        where T : BenchRow
    {
        var loaded = MemoryReading.Now(compute);
        var kernels = KernelSupport.StateOn(compute.Device) ?? "in use";
        // A card without them is slower and right, so nothing else would tell.
        if (compute.Device.type == TorchSharp.DeviceType.CUDA)
            terminal.Note($"kernels: {kernels}");
        var rows = new List<T>();
        foreach (var row in measured)
        {
            rows.Add(row);
            terminal.Note($"{Format.Count(row.Screens, "screenshot")}, {row.Method} {row.Keep}: " +
                $"{string.Join(", ", columns.Select(c => $"{c.Title} {c.Value(row)}"))}");
        }

        if (json)
        {
            terminal.WriteJson(new
            {
                Machine = RunEnvironment.Now(compute),
                Scenario = scenario,
                Shape = plan.Model ?? plan.Shape,
                Weights = plan.Model is null ? "random normal 0.02; speed does not depend on their values" : "of the checkpoint",
                Device = compute.Device.ToString(),
                DType = Names.Of(compute.DType),
                Kernels = kernels,
                Screenshot = $"{plan.Width}x{plan.Height}",
                plan.Repeats,
                UsedAfterLoading = loaded.DeviceUsedBytes ?? loaded.ProcessBytes,
                // As objects: a record's own columns are written only when its type is known at run time.
                Rows = rows.ConvertAll(r => (object)r),
            });
            return;
        }

        var table = new Table().Border(TableBorder.Simple).Columns("screens").AddColumn(Tables.Names("method"))
            .Columns(["keep", "prompt tokens", .. columns.Select(c => c.Title)]);
        foreach (var row in rows)
            table.Row([$"{row.Screens}", row.Method, row.Keep, $"{row.PromptTokens}", .. columns.Select(c => (ConsoleMarkup)c.Value(row))]);
        terminal.Write(table);
        terminal.WriteLine($"{foot}; --json has the machine and everything else.");
    }
}
