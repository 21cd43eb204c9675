using System.CommandLine;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Decode;
using StarKV.Evaluation.Runs;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Sessions;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Bench;

/// <summary><c>starkv-bench growth</c>: many steps of one session with a window of screenshots, and what grows with them.</summary>
internal static class GrowthBench
{
    private const int AnswerTokens = 4;

    /// <summary>Embedded screenshots fill this early, so that what they take does not look like growth.</summary>
    private const long ScreenCacheBytes = 1 << 20;

    /// <summary>Change per step, with its 95 % interval, and the values at both ends of what is looked at.</summary>
    internal sealed record Growth(double PerStep, double Low, double High, double First, double Last)
    {
        public static Growth Of(IReadOnlyList<double> values)
        {
            var (slope, low, high) = Trend.Of(values);
            return new Growth(Math.Round(slope, 3), Math.Round(low, 3), Math.Round(high, 3), values[0], values[^1]);
        }
    }

    /// <summary>
    /// One session. Earlier answers are null where all stay in the conversation. Device bytes are keys and values on the device between
    /// steps, used bytes those of the whole card by its driver, null on the CPU.
    /// </summary>
    internal sealed record Row(
        string Storage, int? AnswerWindow, int Steps, int Rebuilt, Growth Tokens, Growth DeviceBytes, Growth HostBytes,
        Growth ResidentBytes, Growth? UsedBytes, IReadOnlyList<long> LiveTensors);

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string?>("--model")
        {
            Description = "Model folder, or ORG/NAME[@REVISION] of the cache. Default: the shipped model.",
            HelpName = "DIR",
        };
        var size = BenchPrompt.Size();
        size.DefaultValueFactory = _ => "224x168";
        var steps = Number("--steps", "Steps of each session.", 200);
        var window = Number("--window", "Screenshots that the conversation holds.", 5);
        var answers = Number("--answers", "Earlier answers that it holds in the first session of each storage.", 5);
        var (device, type) = (SharedOptions.Device(), SharedOptions.NumberType());
        var compression = new CompressionOptions();
        var command = new Command("growth", "Take many steps in sessions with a window, and see whether anything grows.")
        {
            model, size, steps, window, answers, compression.Method, compression.Keep, compression.Set, device, type,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (width, height) = BenchPrompt.ReadSize(parsed, size);
            var (count, frames, kept) = (parsed.GetValue(steps), parsed.GetValue(window), parsed.GetValue(answers));
            // What is looked at begins when the window is full and what is done once is done.
            var warmUp = Math.Max(2 * frames, count / 4);
            if (frames < 1 || kept < 0 || count - warmUp < Trend.Least)
            {
                throw new StarKvException(
                    $"--steps is {count}, --window {frames} and --answers {kept}; the window must be 1 or more, the answers 0 or more, "
                        + $"and {Trend.Least} steps must follow the first {warmUp}.");
            }

            var folder = parsed.GetValue(model) is { } named ? HubCache.Resolve(named) : ShippedModel.Find();
            var options = new SessionOptions
            {
                Method = compression.ReadMethod(parsed, Noise(0)),
                Budget = compression.ReadBudget(parsed),
                FrameWindow = frames,
                Position = InstructionPosition.First,
                Generation = new GenerationOptions { MaxNewTokens = AnswerTokens },
            };
            using var agent = terminal.Working(
                $"Loading {folder}",
                _ => GuiAgent.Load(
                    folder, parsed.GetValue(device)!, parsed.GetValue(type)!, null, ScreenCacheBytes, cancellation: cancellation));
            var rows = new List<Row>();
            // What the process itself takes until it has warmed up, and what a session that grows leaves to be given back, is no growth of
            // the sessions with both windows: they are measured behind one that is not looked at, and before those that keep all answers.
            Run(agent, options with { AnswerWindow = kept }, count, warmUp, Noise, cancellation);
            foreach (int? most in new int?[] { kept, null })
            {
                foreach (var storage in Enum.GetValues<KvStorage>())
                {
                    var row = Run(agent, options with { Storage = storage, AnswerWindow = most }, count, warmUp, Noise, cancellation);
                    rows.Add(row);
                    terminal.Note(
                        $"{row.Storage}, {(most is { } n ? $"{n} answers" : "all answers")}: {row.Tokens.PerStep:0.##} tokens a step, "
                            + $"{row.ResidentBytes.PerStep:#,0} bytes of resident memory a step");
                }
            }

            terminal.WriteJson(new
            {
                Machine = RunEnvironment.Now(agent.Compute),
                Scenario = "growth",
                Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
                Device = agent.Compute.Device.ToString(),
                DType = Names.Of(agent.Compute.DType),
                Screenshot = $"{width}x{height}",
                Method = options.Method.Name,
                Keep = options.Budget.ToString(),
                Window = frames,
                Steps = count,
                FirstStepLookedAt = warmUp + 1,
                LongestAnswerTokens = AnswerTokens,
                Rows = rows,
            });
            return Task.FromResult(ExitCodes.Success);

            Screenshot Noise(int step)
            {
                var rgb = new byte[width * height * 3];
                new Random(step).NextBytes(rgb);
                return Screenshot.FromRgb(rgb, width, height, $"noise {step}");
            }
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };

    private static Row Run(
        GuiAgent agent, SessionOptions options, int steps, int warmUp, Func<int, Screenshot> screen, CancellationToken cancellation)
    {
        using var session = agent.OpenSession("Open the settings", options);
        var (tokens, device, host, resident, used) =
            (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (live, rebuilt) = (new SortedSet<long>(), 0);
        for (var step = 0; step < steps; step++)
        {
            var answer = session.Step(screen(step), cancellation: cancellation);
            rebuilt += step > 0 && answer.Session!.TokensRead == answer.Session.Tokens ? 1 : 0;
            live.Add(agent.LiveTensors);
            if (step < warmUp)
                continue;
            // What could be given back is no growth.
            FreedMemory.GiveBack();
            var (kv, memory) = (session.Kv, MemoryReading.Now(agent.Compute));
            tokens.Add(answer.Session!.Tokens);
            device.Add(kv.DeviceBytes);
            host.Add(kv.HostBytes);
            resident.Add(memory.ProcessBytes);
            if (memory.DeviceUsedBytes is { } bytes)
                used.Add(bytes);
        }

        return new Row(
            Names.Of(options.Storage), options.AnswerWindow, steps, rebuilt, Growth.Of(tokens), Growth.Of(device), Growth.Of(host),
            Growth.Of(resident), used.Count > 0 ? Growth.Of(used) : null, [.. live]);
    }
}
