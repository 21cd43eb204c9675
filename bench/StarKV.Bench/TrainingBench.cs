using System.CommandLine;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Evaluation.Runs;
using StarKV.Kernels;
using StarKV.MiniGui.Training.Run;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench training</c>: times steps of the small model's training on the batches that training draws, and compares the gradients
/// with those of the CPU in float32.
/// </summary>
internal static class TrainingBench
{
    private const int WarmUps = 3, CheckedJobs = 6, CheckedTokens = 4096, DrawnJobs = 5;

    public static Command Create(Terminal terminal)
    {
        var defaults = new TrainingOptions { Out = "", Shape = "" };
        var model = new Option<string?>("--model") { Description = "Model folder. Default: the shipped model.", HelpName = "DIR" };
        var tokens = new Option<int>("--tokens")
        {
            Description = "Padded text tokens of a " +
            "batch.",
            DefaultValueFactory = _ => defaults.Tokens,
            HelpName = "N"
        };
        var repeats = new Option<int>("--repeats")
        {
            Description = $"Timed steps of each phase, after {WarmUps} to warm " +
            $"up.",
            DefaultValueFactory = _ => 60,
            HelpName = "N"
        };
        var (device, type) = (SharedOptions.Device(), SharedOptions.NumberType());
        var command = new Command("training", "Time steps of a training, and check its " +
            "gradients.") { model, tokens, repeats, device, type };
        command.SetAction(parsed =>
        {
            var (size, count) = (parsed.GetValue(tokens), parsed.GetValue(repeats));
            if (size < 1000 || count < 1)
                throw new StarKvException($"--tokens is {size} and --repeats {count}; they must be at least 1000 and 1.");
            var folder = parsed.GetValue(model) ?? ShippedModel.Find();
            using var thread = new InferenceThread("StarKV bench");
            terminal.WriteJson(thread.Run(() =>
            {
                using var mode = inference_mode(false);
                using var gradients = enable_grad();
                return Run(
                    new TrainingOptions
                    {
                        Out = "",
                        Shape = folder,
                        Resume = folder,
                        Tokens = size,
                        AlignTokens = size * 3 / 4,
                        EasySteps = 0
                    },
                    count, Compute.Choose(parsed.GetValue(device)!, parsed.GetValue(type)!));
            }));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static object Run(TrainingOptions options, int repeats, Compute compute)
    {
        using var scope = NewDisposeScope();
        using var probe = new TrainingProbe(options, compute);
        using var exact = new TrainingProbe(options, Compute.Choose("cpu", "float32"));
        return new
        {
            Machine = RunEnvironment.Now(compute),
            Model = options.Shape,
            Device = compute.Device.ToString(),
            DType = Names.Of(compute.DType),
            Kernels = KernelSupport.StateOn(compute.Device) ?? "in use",
            // Before the steps: they must see the weights of the folder.
            GradientsBesideTheCpuInFloat32 = Phases(
                align => probe.Compare(exact, align, Math.Min(CheckedTokens, options.Tokens), CheckedJobs)),
            Steps = Phases(align => Time(probe, align, repeats)),
            MillisecondsToMakeABatchOnOneThread = Spread.Of([.. Enumerable.Range(0, DrawnJobs).Select(probe.MillisecondsPerBatch)]),
        };
    }

    private static object Phases(Func<bool, object> measure) => new { Train = measure(false), Align = measure(true) };

    private static object Time(TrainingProbe probe, bool align, int repeats)
    {
        var steps = probe.Steps(align).Skip(WarmUps).Take(repeats).ToList();
        var seconds = steps.Sum(s => s.Milliseconds) / 1e3;
        return new
        {
            Milliseconds = Spread.Of([.. steps.Select(s => s.Milliseconds)]),
            TokensPerSecond = Math.Round(steps.Sum(s => (long)s.Tokens) / seconds),
            ScreenshotsPerSecond = Math.Round(steps.Sum(s => s.Screens) / seconds, 1),
        };
    }
}
