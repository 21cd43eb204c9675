using System.CommandLine;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Decode;
using StarKV.Evaluation.Runs;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Bench;

/// <summary><c>starkv-bench answers</c>: many answers in one process; times, and whether memory stays where it was.</summary>
internal static class AnswersBench
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string?>("--model")
        {
            Description = "Model folder, or ORG/NAME[@REVISION] of the cache. Default: " +
            "the shipped model.",
            HelpName = "DIR"
        };
        var image = new Option<string?>("--image")
        {
            Description = "Screenshot. Default: the one in the model's demo " +
            "folder.",
            HelpName = "FILE"
        };
        var instruction = new Option<string?>("--instruction") { Description = "What is asked. Default: the demo's.", HelpName = "TEXT" };
        var count = new Option<int>("--count")
        {
            Description = "Answers after five to warm " +
            "up.",
            DefaultValueFactory = _ => 200,
            HelpName = "N"
        };
        var (device, type) = (SharedOptions.Device(), SharedOptions.NumberType());
        var compression = new CompressionOptions();
        var command = new Command("answers", "Time many answers in one process, with its " +
            "memory.") { model, image, instruction, count, compression.Method, compression.Keep, compression.Set, compression.Protect,
            compression.AnswerInterval, device, type };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(model) is { } named ? HubCache.Resolve(named) : ShippedModel.Find();
            var screen = parsed.GetValue(image) is { } file ? Screenshot.Load(file) : DemoTask.Load(folder).Screen;
            var text = parsed.GetValue(instruction) ?? DemoTask.Load(folder).Instruction;
            var options = new GroundingOptions
            {
                Method = compression.ReadMethod(parsed, screen),
                Budget = compression.ReadBudget(parsed),
                Generation = new GenerationOptions()
            };
            using var agent = terminal.Working($"Loading " +
                $"{folder}", tell => AgentLoader.Load(folder, parsed.GetValue(device)!, parsed.GetValue(type)!, tell, cancellation));
            terminal.WriteJson(Run(agent, screen, text, options, parsed.GetValue(count), cancellation));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static object Run(
        GuiAgent agent, Screenshot screen, string instruction, GroundingOptions options, int count, CancellationToken cancellation)
    {
        var (total, vision, prefill, selection, perToken) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(),
            new List<double>());
        var memory = new List<object>();
        for (var i = -5; i < count; i++)
        {
            var answer = agent.Ground(screen, instruction, options, cancellation);
            if (i >= 0)
            {
                total.Add(answer.Times.Total.TotalMilliseconds);
                vision.Add(answer.Times.Vision.TotalMilliseconds);
                prefill.Add(answer.Times.Prefill.TotalMilliseconds);
                selection.Add(answer.Times.Selection.TotalMilliseconds);
                perToken.Add(answer.Times.Decode.TotalMilliseconds / Math.Max(1, answer.Tokens.Count));
            }

            if (i < 0 ? i == -1 : (i + 1) % 50 == 0)
            {
                // Collected first: what the runtime has not collected yet is no leak, and on a large machine it waits long.
                GC.Collect();
                memory.Add(
                    new
                    {
                        AfterAnswers = i + 1,
                        ResidentBytes = MemoryReading.Now().ProcessBytes,
                        ManagedBytes = GC.GetTotalMemory(false),
                        agent.LiveTensors
                    });
            }
        }

        return new
        {
            Machine = RunEnvironment.Now(),
            Screenshot = $"{screen.Width}x{screen.Height}",
            Method = options.Method.Name,
            Keep = options.Budget.ToString(),
            Device = agent.Compute.Device.ToString(),
            DType = Names.Of(agent.Compute.DType),
            Milliseconds = new
            {
                Answer = Spread.Of(total),
                Vision = Spread.Of(vision),
                Prefill = Spread.Of(prefill),
                Selection = Spread.Of(selection),
                DecodePerToken = Spread.Of(perToken),
            },
            Memory = memory,
        };
    }
}
