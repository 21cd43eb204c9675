using System.CommandLine;
using System.Diagnostics;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Select;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Cli.Commands.Bench;

/// <summary><c>starkv bench shape</c>: times a published shape with random weights, from pixels in host memory to tokens on the host.</summary>
internal static class ShapeBench
{
    private const int DecodeTokens = 32;

    public static Command Create(Terminal terminal)
    {
        var shape = new Option<string>("--shape") { Description = "7b or 3b, with random weights made on the device.", DefaultValueFactory = _ => "7b" };
        var screens = new Option<int[]>("--screens") { Description = "Screenshots a prompt.", DefaultValueFactory = _ => [1, 5], AllowMultipleArgumentsPerToken = true };
        var size = BenchPrompt.Size();
        var repeats = new Option<int>("--repeats") { Description = "Timed runs after two to warm up.", DefaultValueFactory = _ => 10 };
        var device = SharedOptions.Device();
        var command = new Command("shape", "Time a published shape with random weights.") { shape, screens, size, repeats, device };
        command.SetAction(parsed =>
        {
            var (width, height) = BenchPrompt.ReadSize(parsed, size);
            using var thread = new InferenceThread("StarKV bench");
            var result = thread.Run(() => Run(terminal, parsed.GetValue(shape)!, parsed.GetValue(screens)!, width, height, parsed.GetValue(repeats), parsed.GetValue(device)!));
            terminal.WriteJson(result);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static object Run(Terminal terminal, string shape, int[] screens, int width, int height, int repeats, string device)
    {
        var compute = Compute.Choose(device);
        using var model = new Qwen25VlModel(ModelShapes.Named(shape), new PreprocessorConfig(), compute, new RandomWeights(compute, seed: 1));
        var weights = MemoryReading.Now(compute);
        var rows = new List<object>();
        foreach (var count in screens)
        {
            foreach (var (method, keep) in new (ICompressionMethod, KvBudget)[] { (new Full(), KvBudget.All), (new StarKv(), KvBudget.Keep(0.2)), (new GuiKv(), KvBudget.Keep(0.2)), (new SnapKv(), KvBudget.Keep(0.2)) })
            {
                terminal.ErrorWriter.WriteLine($"{count} screenshots, {method.Name} keep {keep}");
                rows.Add(Time(model, count, width, height, method, keep, repeats));
            }
        }

        return new
        {
            Machine = Machine.Describe(),
            Shape = shape,
            Weights = "random normal 0.02, bf16 on CUDA, float32 on the CPU; speed does not depend on their values",
            Device = compute.Device.ToString(),
            DType = compute.DType.ToString(),
            Screenshot = $"{width}x{height}",
            Repeats = repeats,
            UsedAfterLoading = weights.DeviceUsedBytes ?? weights.ProcessBytes,
            Rows = rows,
        };
    }

    private static object Time(Qwen25VlModel model, int count, int width, int height, ICompressionMethod method, KvBudget keep, int repeats)
    {
        var random = new Random(7);
        var images = Enumerable.Range(0, count).Select(i =>
        {
            var rgb = new byte[width * height * 3];
            random.NextBytes(rgb);
            return Screenshot.FromRgb(rgb, width, height, $"noise {i}").ForModel(model.Pixels.Resize);
        }).ToList();
        var prompt = BenchPrompt.Of(model.Config, [.. images.Select(i => i.Grid)]);
        var (vision, prefill, selection, decode, first) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        long held = 0, peak = 0;
        for (var i = -2; i < repeats; i++)
        {
            using var scope = NewDisposeScope();
            using var memory = new LayerMemory();
            var compression = new Compression(method, keep) { Memory = memory };
            var watch = Stopwatch.StartNew();
            var screens = new ScreenEncoder(model.Vision).Encode(images);
            model.Compute.Synchronize();
            var visionTime = watch.Elapsed.TotalMilliseconds;
            using var read = new PrefillRunner(model.Text).Run(prompt, screens, compression);
            using var sampler = new Sampler(new GenerationOptions(), 1, prompt.Ids, read.Logits.shape[1], model.Compute.Device);
            sampler.Next(read.Logits);
            var firstToken = watch.Elapsed.TotalMilliseconds;
            peak = Math.Max(peak, MemoryReading.Now(model.Compute) is var m ? m.DeviceUsedBytes ?? m.ProcessBytes : 0);
            held = read.Cache.NBytes;
            watch.Restart();
            new TokenLoop(model.Text).Run(read, sampler, new GenerationOptions { MaxNewTokens = DecodeTokens }, _ => false, null);
            model.Compute.Synchronize();
            var decodeTime = watch.Elapsed.TotalMilliseconds / (DecodeTokens - 1);
            // The selection's own time needs waits around it, so it comes from a run of its own.
            using var waited = new PrefillRunner(model.Text).Run(prompt, screens, compression, new PrefillOptions { MeasureSelection = true });
            if (i < 0)
                continue;
            vision.Add(visionTime);
            prefill.Add(firstToken - visionTime);
            first.Add(firstToken);
            decode.Add(decodeTime);
            selection.Add(waited.Selection.TotalMilliseconds);
        }

        return new
        {
            Screens = count,
            Method = method.Name,
            Keep = keep.ToString(),
            PromptTokens = prompt.Length,
            KvBytesHeld = held,
            DeviceUsedBytesAfterPrefill = peak,
            Milliseconds = new
            {
                PixelsToFirstToken = Spread.Of(first),
                Vision = Spread.Of(vision),
                Prefill = Spread.Of(prefill),
                SelectAndCompact = Spread.Of(selection),
                DecodePerToken = Spread.Of(decode),
            },
        };
    }
}
