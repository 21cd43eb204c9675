using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Evaluation.Runs;
using StarKV.Files;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary><c>starkv-bench load</c>: a sharded checkpoint from the disk to the device.</summary>
internal static class LoadBench
{
    private const string What = "checkpoint";
    private const long Rows = 3584, Columns = 3584, ShardBytes = 4L << 30;

    public static Command Create(Terminal terminal)
    {
        var folder = new Option<string>("--folder")
        {
            Description = "A folder with config.json and safetensors files; " +
            "made with random numbers if it does not exist.",
            Required = true,
            HelpName = "DIR"
        };
        var gigabytes = new Option<double>("--gigabytes")
        {
            Description = "Size of the checkpoint when it is " +
            "made.",
            DefaultValueFactory = _ => 16,
            HelpName = "X"
        };
        var repeats = new Option<int>("--repeats")
        {
            Description = "Timed runs; the first one may find the files on the disk " +
            "alone.",
            DefaultValueFactory = _ => 3,
            HelpName = "N"
        };
        var device = SharedOptions.Device();
        var command = new Command("load", "Time a checkpoint on its way from the disk to the device, " +
            "and read the host memory that it takes.") { folder, gigabytes, repeats, device };
        command.SetAction(parsed =>
        {
            var (path, size, times) = (parsed.GetValue(folder)!, parsed.GetValue(gigabytes), parsed.GetValue(repeats));
            if (size is < 0.01 or > 1000 || times < 1)
                throw new StarKvException(string.Create(CultureInfo.InvariantCulture, $"--gigabytes is {size} and --repeats {times}; " +
                    $"the first must be 0.01 to 1000, the second at least 1."));
            if (!Directory.Exists(path))
            {
                OutputFolder.Check(path, What);
                terminal.Working($"Writing {path}", _ => Make(path, (long)(size * 1e9)));
            }

            using var thread = new InferenceThread("StarKV bench");
            var compute = Compute.Choose(parsed.GetValue(device)!);
            var runs = Enumerable.Range(0, times).Select(_ => thread.Run(() => Load(path, compute))).ToList();
            terminal.WriteJson(new
            {
                Machine = RunEnvironment.Now(compute),
                Device = compute.Device.ToString(),
                runs[0].Bytes,
                GigabytesASecond = Spread.Of([.. runs.Select(r => r.Bytes / 1e9 / r.Seconds)]),
                Seconds = runs.Select(r => Math.Round(r.Seconds, 3)),
                HostBytesBeyondTheMapping = runs.Max(r => r.HostBytes),
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>Reads every tensor and keeps all of them, as a model does; they are freed after the time is taken.</summary>
    private static (long Bytes, double Seconds, long HostBytes) Load(string path, Compute compute)
    {
        using var scope = NewDisposeScope();
        var before = HostMemory.Now();
        var most = before;
        using var watched = new Timer(_ => most = Math.Max(most, HostMemory.Now()), null, 0, 20);
        var watch = Stopwatch.StartNew();
        using var checkpoint = CheckpointFolder.Open(path);
        using var weights = new CheckpointWeights(checkpoint, compute);
        var held = checkpoint.Tensors.Where(t => !t.Key.EndsWith("_scale", StringComparison.Ordinal))
            .Select(t => weights.Take([.. t.Value.Shape], t.Key)).ToList();
        compute.Synchronize();
        var seconds = watch.Elapsed.TotalSeconds;
        // On the CPU the weights themselves lie in host memory.
        var own = compute.IsCuda ? 0 : held.Sum(t => t.NumberOfElements * t.ElementSize);
        held.ForEach(t => t.Dispose());
        return (checkpoint.Tensors.Values.Sum(t => t.ByteLength), seconds, Math.Max(0, most - before - own));
    }

    private static bool Make(string path, long bytes)
    {
        // Equal numbers in every tensor: only their number matters.
        var content = new byte[Rows * Columns * 2];
        new Random(1).NextBytes(content);
        var tensors = Enumerable.Range(0, (int)Math.Max(1, bytes / content.Length))
            .Select(i => new StoredTensor($"model.layers.{i}.mlp.down_proj.weight", DType.BF16, [Rows, Columns], content)).ToList();
        OutputFolder.Make(path, What, null, draft =>
        {
            SafetensorsWriter.WriteModel(draft, tensors, ShardBytes);
            NewFile.Write(Path.Combine(draft, "config.json"), "{}"u8);
        });
        return true;
    }
}
