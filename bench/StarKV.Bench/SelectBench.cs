using System.CommandLine;
using System.Diagnostics;
using StarKV.Budget;
using StarKV.Cache;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Evaluation.Runs;
using StarKV.Input;
using StarKV.Kernels;
using StarKV.Models;
using StarKV.Observe;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench select</c>: times scoring, selecting and compacting alone, all layers in a row, on random layers of a published shape,
/// and
/// checks that the kernels keep the tokens that tensor operations keep.
/// </summary>
internal static class SelectBench
{
    private const int WarmUps = 3, Inputs = 4, LongestWindow = 64;

    public static Command Create(Terminal terminal)
    {
        var shape = new Option<string>("--shape")
        {
            Description = $"A published shape: {BenchPlan.ShapeNames}.",
            DefaultValueFactory = _ => "7b",
            HelpName = "NAME"
        };
        var screens = new Option<int[]>("--screens")
        {
            Description = "Screenshots a " +
            "prompt.",
            DefaultValueFactory = _ => [1, 5],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "N"
        };
        var size = BenchPrompt.Size();
        var repeats = new Option<int>("--repeats")
        {
            Description = "Timed runs after three to warm " +
            "up.",
            DefaultValueFactory = _ => 10,
            HelpName = "N"
        };
        var keep = new Option<string>("--keep")
        {
            Description = "How much is kept: a share (20%, 20 or 0.2) or a number of tokens " +
            "(512t).",
            DefaultValueFactory = _ => "20%",
            HelpName = "BUDGET"
        };
        var device = SharedOptions.Device();
        var command = new Command("select", "Time the selection alone, and check the kernels against tensor " +
            "operations.") { shape, screens, size, repeats, keep, device };
        command.SetAction(parsed =>
        {
            var (width, height) = BenchPrompt.ReadSize(parsed, size);
            var budget = KvBudget.Parse(parsed.GetValue(keep)!);
            using var thread = new InferenceThread("StarKV bench");
            terminal.WriteJson(thread.Run(() => Run(
                terminal, parsed.GetValue(shape)!, parsed.GetValue(screens)!, width, height, budget, parsed.GetValue(repeats),
                parsed.GetValue(device)!)));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static object Run(
        Terminal terminal, string shape, int[] screens, int width, int height, KvBudget budget, int repeats, string device)
    {
        var (compute, config, rows) = (Compute.Choose(device), ModelRegistry.Shape(shape), new List<object>());
        foreach (var count in screens)
        {
            using var scope = NewDisposeScope();
            var pixels = config.Family.Pixels;
            var (fitWidth, fitHeight) = pixels.Resize.Fit(width, height);
            var grid = PatchGrid.FromSize(fitWidth, fitHeight, pixels.PatchSize, pixels.MergeSize);
            var prompt = BenchPrompt.Of(config, [.. Enumerable.Repeat(grid, count)]);
            using var shared = new PromptTensors(compute.Device);
            var layers = Layers(config.Text, prompt, compute, shared);
            foreach (var method in new ICompressionMethod[] { new StarKv(), new GuiKv(), new StLite(), new SnapKv(), new PyramidKv(),
                new KNorm(), new StreamingLlm() })
            {
                terminal.Note($"{Format.Count(count, "screenshot")}, {method.Name}");
                rows.Add(Time(method, budget, layers, compute, count, repeats));
            }
        }

        return new
        {
            Machine = RunEnvironment.Now(compute),
            Shape = shape,
            What = "score, select and compact, all layers one after another without the model in between; waited for once, at the end",
            Keep = budget.ToString(),
            Screenshot = $"{width}x{height}",
            Kernels = KernelSupport.StateOn(compute.Device) ?? "in use",
            Repeats = repeats,
            Rows = rows,
        };
    }

    private static object Time(
        ICompressionMethod method, KvBudget budget, List<LayerInput> layers, Compute compute, int screens, int repeats)
    {
        var prompt = layers[0].Tokens;
        var plans = method.LayerBudget.Divide(budget, method.Window(prompt), prompt, layers.Count, []);
        using var memory = new LayerMemory();
        var (total, queued, plain) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = -WarmUps; i < repeats; i++)
        {
            var (queue, all) = Once();
            if (i < 0)
                continue;
            queued.Add(queue);
            total.Add(all);
        }

        var agreement = layers.Take(Inputs).Min(Agreement);
        KernelSupport.Enabled = false;
        for (var i = -1; i < Math.Min(repeats, 5); i++)
        {
            var (_, all) = Once();
            if (i >= 0)
                plain.Add(all);
        }

        KernelSupport.Enabled = true;
        return new
        {
            Screens = screens,
            Method = method.Name,
            PromptTokens = prompt.Length,
            Layers = layers.Count,
            Milliseconds = new
            {
                AllLayers = Spread.Of(total),
                QueuedByTheHost = Spread.Of(queued),
                AllLayersByTensorOperations = Spread.Of(plain)
            },
            SameRowsAsTensorOperations = Math.Round(agreement, 5),
        };

        (double Queued, double All) Once()
        {
            compute.Synchronize();
            var watch = Stopwatch.StartNew();
            var caches = new List<KvLayer>();
            for (var i = 0; i < layers.Count; i++)
            {
                var plan = plans[i]!.Value;
                using var rows = Selector.Select(method, plan, layers[i].Observe(plan.Window, plan.Rows), memory);
                caches.Add(new KvLayer(layers[i].Keys, layers[i].Values, rows, 64));
            }

            var queue = watch.Elapsed.TotalMilliseconds;
            compute.Synchronize();
            var all = watch.Elapsed.TotalMilliseconds;
            caches.ForEach(c => c.Dispose());
            return (queue, all);
        }

        // The share of rows that both ways keep, over three prefills of one session.
        double Agreement(LayerInput layer)
        {
            using var scope = NewDisposeScope();
            using var withKernels = new LayerMemory();
            using var without = new LayerMemory();
            var (plan, least) = (plans[layer.Layer]!.Value, 1.0);
            for (var step = 0; step < 3; step++)
            {
                var (a, b) = (Rows(true, withKernels), Rows(false, without));
                least = Math.Min(least, a.Zip(b).Average(pair => pair.First.Intersect(pair.Second).Count() / (double)plan.Rows));
            }

            return least;

            IEnumerable<long[]> Rows(bool kernels, LayerMemory of)
            {
                KernelSupport.Enabled = kernels;
                var rows = Selector.Select(method, plan, layer.Observe(plan.Window, plan.Rows), of);
                KernelSupport.Enabled = true;
                return [.. rows.cpu().data<long>().ToArray().Chunk(plan.Rows)];
            }
        }
    }

    /// <summary>
    /// Layers as the decoder shows them: keys and queries side by side in memory, values in the projection's; a few inputs take turns.
    /// </summary>
    private static List<LayerInput> Layers(TextConfig config, TokenMap prompt, Compute compute, PromptTensors shared)
    {
        var (heads, groups, length) = (config.Heads, config.KvHeads, prompt.Length);
        Tensor Normal(params long[] sizes) => randn(sizes, dtype: compute.DType, device: compute.Device);
        var inputs = Enumerable.Range(0, Inputs).Select(_ => Normal(length, config.HiddenSize)).ToList();
        return [.. Enumerable.Range(0, config.Layers).Select(i =>
        {
            var keys = Normal(length, groups, config.HeadDim).transpose(0, 1);
            var values = Normal(length, groups, config.HeadDim).transpose(0, 1);
            var queries = Normal(Math.Min(LongestWindow, length), heads, config.HeadDim).transpose(0, 1);
            return new LayerInput(queries, keys, values, new TokenNorms(inputs[i % Inputs], inputs[i % Inputs]), prompt, shared, i);
        })];
    }
}
