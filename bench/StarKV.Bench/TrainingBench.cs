using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Evaluation.Runs;
using StarKV.Kernels;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Run;
using StarKV.MiniGui.Training.Weights;
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
        using var group = new ReplicaGroup(1);
        using var replica = new Replica(options, group, 0, compute);
        using var exact = new Replica(options, group, 0, Compute.Choose("cpu", "float32"));
        return new
        {
            Machine = RunEnvironment.Now(compute),
            Model = options.Shape,
            Device = compute.Device.ToString(),
            DType = Names.Of(compute.DType),
            Kernels = CudaKernels.StateOn(compute.Device) ?? "in use",
            // Before the steps: they must see the weights of the folder.
            GradientsBesideTheCpuInFloat32 = Phases(align => Check(options, replica, exact, align)),
            Steps = Phases(align => Time(options, replica, align, repeats)),
            MillisecondsToMakeABatchOnOneThread = Spread.Of([.. Enumerable.Range(0, DrawnJobs).Select(job => Draw(options, replica, job))]),
        };
    }

    private static object Phases(Func<bool, object> measure) => new { Train = measure(false), Align = measure(true) };

    private static object Time(TrainingOptions options, Replica replica, bool align, int repeats)
    {
        using var optimiser = new Optimiser(replica.Weights);
        using var feed = replica.Feed(replica.Plan(align ? options.AlignTokens : options.Tokens, align));
        var (times, tokens, screens) = (new List<double>(), 0L, 0L);
        for (var i = -WarmUps; i < repeats; i++)
        {
            using var batch = feed.Take();
            replica.Compute.Synchronize();
            var watch = Stopwatch.StartNew();
            replica.Step.Run(batch, optimiser, rate: 0, align);
            replica.Compute.Synchronize();
            if (i < 0)
                continue;
            times.Add(watch.Elapsed.TotalMilliseconds);
            tokens += batch.Tokens;
            screens += batch.Frames;
        }

        var seconds = times.Sum() / 1e3;
        return new
        {
            Milliseconds = Spread.Of(times),
            TokensPerSecond = Math.Round(tokens / seconds),
            ScreenshotsPerSecond = Math.Round(screens / seconds, 1)
        };
    }

    private static double Draw(TrainingOptions options, Replica replica, int job)
    {
        var plan = replica.Plan(options.Tokens, align: false);
        using var painter = new ScreenPainter();
        var targets = replica.Targets();
        var watch = Stopwatch.StartNew();
        var count = 0;
        foreach (var batch in BatchFeed.Make(plan, replica.Packer, targets, painter, job))
        {
            batch.Dispose();
            count++;
        }

        return watch.Elapsed.TotalMilliseconds / count;
    }

    /// <summary>
    /// How far gradients are from exact ones, as shares of their norms: of all weights, and of the kind of matrix that is furthest.
    /// </summary>
    private static List<object> Check(TrainingOptions options, Replica replica, Replica exact, bool align)
    {
        using var scope = NewDisposeScope();
        using var painter = new ScreenPainter();
        var plan = replica.Plan(Math.Min(CheckedTokens, options.Tokens), align);
        var targets = replica.Targets();
        var rows = new List<object>();
        for (var job = 0; job < CheckedJobs; job++)
        {
            using var batch = BatchFeed.Make(plan, replica.Packer, targets, painter, job).First();
            var (given, expected) = (replica.Step.Gradient(batch, align), exact.Step.Gradient(batch, align));
            var kinds = replica.Weights.Layout.Slots.Select((slot, i) => (Kind: (Weight)i, slot)).Where(k => k.slot.Muon.Count > 0)
                .Select(
                    k => (k.Kind, Difference: Share(
                        given.narrow(0, k.slot.Offset, k.slot.Numbers), expected.narrow(0, k.slot.Offset, k.slot.Numbers))));
            var (kind, difference) = kinds.MaxBy(k => k.Difference);
            rows.Add(new
            {
                batch.Tokens,
                batch.Frames,
                Form = batch.Packs[0].Segments[^1] == 0 ? "first" : batch.Packs[0].Frames.Count > 1 ? "last" : "single",
                Difference = Math.Round(Share(given, expected), 4),
                FurthestKind = kind.ToString(),
                FurthestDifference = Math.Round(difference, 4),
            });
        }

        return rows;
    }

    private static double Share(Tensor given, Tensor expected) => ((given - expected).norm() / expected.norm()).item<float>();
}
