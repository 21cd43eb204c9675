using System.CommandLine;
using System.Diagnostics;
using StarKV.Budget;
using StarKV.Cache;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Evaluation.Runs;
using StarKV.Files;
using StarKV.Input;
using StarKV.Models;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Bench;

/// <summary><c>starkv-bench save</c>: sessions of a published shape to the disk and back, and to the host's memory and back.</summary>
internal static class SaveBench
{
    private const string What = "session";

    public static Command Create(Terminal terminal)
    {
        var folder = new Option<string>("--folder")
        {
            Description = "A folder on the disk to be timed; the file goes when it is timed.",
            Required = true,
            HelpName = "DIR",
        };
        var shape = new Option<string>("--shape")
        {
            Description = "A published shape: 7b or 3b.",
            DefaultValueFactory = _ => "7b",
            HelpName = "NAME",
        };
        var screens = new Option<int>("--screens")
        {
            Description = "Screenshots of a session.",
            DefaultValueFactory = _ => 5,
            HelpName = "N",
        };
        var keep = new Option<string>("--keep")
        {
            Description = "How much the cache of a session that evicts holds: a share (20%, 20 or 0.2) or a number of tokens (512t).",
            DefaultValueFactory = _ => "20%",
            HelpName = "BUDGET",
        };
        var repeats = new Option<int>("--repeats")
        {
            Description = "Timed runs after one to warm up.",
            DefaultValueFactory = _ => 5,
            HelpName = "N",
        };
        var (size, device, type) = (BenchPrompt.Size(), SharedOptions.Device(), SharedOptions.NumberType());
        var command = new Command("save", "Time sessions on their way to the disk and back, and to the host's memory and back.")
        {
            folder, shape, screens, size, keep, repeats, device, type,
        };
        command.SetAction(parsed =>
        {
            var (path, count, times) = (Path.Combine(parsed.GetValue(folder)!, $"starkv-bench-{Environment.ProcessId}.session"),
                parsed.GetValue(screens), parsed.GetValue(repeats));
            if (count < 1 || times < 1)
                throw new StarKvException($"--screens is {count} and --repeats {times}; both must be at least 1.");
            AtomicFile.Check(path, What);
            var (width, height) = BenchPrompt.ReadSize(parsed, size);
            var (fitWidth, fitHeight) = SmartResize.Default.Fit(width, height);
            var budget = KvBudget.Parse(parsed.GetValue(keep)!);
            var config = ModelRegistry.Shape(parsed.GetValue(shape)!);
            using var thread = new InferenceThread("StarKV bench");
            var compute = Compute.Choose(parsed.GetValue(device)!, parsed.GetValue(type)!);
            var model = new SessionModel(config.Text, compute, SmartResize.Default, "bench");
            var grid = PatchGrid.FromSize(fitWidth, fitHeight);
            var prompt = Conversation(BenchPrompt.Of(config, [.. Enumerable.Repeat(grid, count)]));
            var rows = Enum.GetValues<KvStorage>()
                .Select(s => thread.Run(() => Time(path, model, prompt, (s, budget), new ScreenSize(grid, width, height), times))).ToList();
            terminal.WriteJson(new
            {
                Machine = RunEnvironment.Now(compute),
                Device = compute.Device.ToString(),
                Type = compute.DType.ToString(),
                Shape = parsed.GetValue(shape),
                Screens = count,
                Tokens = prompt.Length,
                Keep = budget.ToString(),
                Repeats = times,
                Rows = rows,
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>The prompt as one message of the user.</summary>
    private static TokenMap Conversation(TokenMap prompt) => new(prompt.Ids, prompt.Classes, prompt.Frames)
    {
        Messages = [new MessageSpan(0, prompt.Length, TokenClass.User)],
    };

    private static object Time(
        string path, SessionModel model, TokenMap prompt, (KvStorage Storage, KvBudget Budget) kept, ScreenSize screen, int repeats)
    {
        var storage = kept.Storage;
        using var memory = new LayerMemory();
        var rows = Rows(model, prompt, storage, kept.Budget.Capacity(prompt.Length));
        try
        {
            var turns = prompt.Frames.Select((_, i) => new SessionTurn([new SessionFrame(null, $"{i}", screen)], null, "click")).ToList();
            var options = new SessionOptions { Method = new SnapKv(), Budget = kept.Budget, Storage = storage };
            var session = new SavedSession(options, PromptStyle.Get("mini"), "Click", turns, new HashSet<SessionFrame>(), rows, memory);
            var (saving, restoring, leaving, coming) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            var (bytes, beyond) = (0L, 0L);
            for (var i = -1; i < repeats; i++)
            {
                beyond = Math.Max(beyond, HostMemory.Most(() => Add(saving, i, () => session.Write(path, model, default))));
                bytes = new FileInfo(path).Length;
                Add(restoring, i, () => SavedSession.Read(path, model, new RestoreOptions(), default).Rows!.Dispose());
                Add(leaving, i, () =>
                {
                    var away = rows.Offloaded();
                    rows.Dispose();
                    rows = away;
                });
                Add(coming, i, () =>
                {
                    var here = rows.Fetched(model.Compute.Device);
                    model.Compute.Synchronize();
                    rows.Dispose();
                    rows = here;
                });
                session = session with { Rows = rows };
            }

            var held = (rows.Store?.NBytes ?? 0) + (rows.Cache?.NBytes ?? 0);
            return new
            {
                Storage = storage.ToString(),
                RowBytes = held,
                FileBytes = bytes,
                Seconds = new { Save = Spread.Of(saving), Restore = Spread.Of(restoring), Offload = Spread.Of(leaving),
                    Fetch = Spread.Of(coming) },
                HostBytesBeyondTheRows = beyond,
            };
        }
        finally
        {
            rows.Dispose();
            File.Delete(path);
        }

        void Add(List<double> times, int run, Action once)
        {
            model.Compute.Synchronize();
            var watch = Stopwatch.StartNew();
            once();
            if (run >= 0)
                times.Add(watch.Elapsed.TotalSeconds);
        }
    }

    private static SessionRows Rows(SessionModel model, TokenMap prompt, KvStorage storage, int held)
    {
        using var scope = NewDisposeScope();
        var (shape, compute, positions) = (model.Shape, model.Compute, MRopePositions.Compute(prompt));
        KvStore? store = null;
        if (storage != KvStorage.Evict)
        {
            using var none = new KvStore(shape);
            var block = new KvBlock(shape, prompt.Length, compute);
            block.Hold();
            block.Rows.fill_(0.5);
            store = none.Then(block);
            block.Release();
        }

        KvCache? cache = null;
        if (storage != KvStorage.Lossless)
        {
            cache = new KvCache(prompt, positions);
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                var keys = full([shape.KvHeads, prompt.Length, shape.HeadDim], 0.5, compute.DType, compute.Device);
                var tokens = arange(prompt.Length - held, prompt.Length, ScalarType.Int64, compute.Device).unsqueeze(0);
                cache.Add(new KvLayer(keys, keys, tokens, 64));
                keys.Dispose();
            }
        }

        return new SessionRows(prompt, positions, [.. prompt.Frames.Select((_, i) => $"{i}")], store, cache);
    }
}
