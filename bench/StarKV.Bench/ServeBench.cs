using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench serve</c>: agents that share one model, each of which sends a new screenshot of its session again and again; with
/// sessions, and with everything read again.
/// </summary>
internal static class ServeBench
{
    private const string Instruction = "Open the settings and turn the notifications off.";

    /// <summary>
    /// Times in milliseconds. A step goes from the screenshot in memory to the answer's last token, its first token included; a gap is the
    /// time between two tokens of an answer. Agents send their next screenshot <paramref name="Every"/> seconds after the last one, or when
    /// it is answered if that takes longer.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, string Mode, int Agents, double Every, double Seconds, int Steps,
        double StepsPerSecond, double TokensPerSecond, Percentiles Step, Percentiles FirstToken, Percentiles Gap)
        : BenchRow(Screens, Method, Keep, PromptTokens);

    public static Command Create(Terminal terminal)
    {
        var agents = new Option<int[]>("--agents")
        {
            Description = "Agents that share the model.",
            DefaultValueFactory = _ => [1, 4, 16],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "N",
        };
        var every = new Option<double>("--every")
        {
            Description = "Seconds between an agent's screenshots; 0 sends the next one when the last is answered.",
            HelpName = "S",
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long each row is measured.",
            DefaultValueFactory = _ => 20,
            HelpName = "S",
        };
        var tokens = new Option<int>("--tokens") { Description = "Tokens of an answer.", DefaultValueFactory = _ => 40, HelpName = "N" };
        var storage = new Option<KvStorage>("--storage")
        {
            Description = "Where a session's rows are: lossless, store or evict.",
            DefaultValueFactory = _ => KvStorage.Lossless,
            HelpName = "NAME",
        };
        var modes = new Option<string[]>("--mode")
        {
            Description = "session, reread or both.",
            DefaultValueFactory = _ => ["session", "reread"],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "NAME",
        };
        modes.AcceptOnlyFromAmong("session", "reread");
        return BenchScenario.OfAgent<Row>(
            terminal, "serve", "Time agents that share one model, each with a session of its own.",
            [
                ("mode", r => r.Mode), ("agents", r => $"{r.Agents}"), ("steps/s", r => Format.Number(r.StepsPerSecond)),
                ("tokens/s", r => Format.Number(r.TokensPerSecond)), ("step ms", r => r.Step.Text),
                ("first token ms", r => r.FirstToken.Text), ("gap ms", r => r.Gap.Text),
            ],
            (plan, agent, parsed) =>
            {
                var load = new Load(
                    parsed.GetValue(every), parsed.GetValue(seconds), parsed.GetValue(tokens), parsed.GetValue(storage));
                if (load.Seconds <= 0 || load.Every < 0 || load.Tokens < 1 || parsed.GetValue(agents)!.Any(n => n < 1))
                    throw new StarKvException("--seconds must be above 0, --every 0 or more, --tokens and --agents 1 or more.");
                return from count in plan.Screens
                       from compression in plan.Compressions
                       from mode in parsed.GetValue(modes)!
                       from n in parsed.GetValue(agents)!
                       select Run(plan, agent, compression, count, mode, n, load);
            },
            "star-kv", [5], [agents, every, seconds, tokens, storage, modes]);
    }

    /// <summary>What all agents do.</summary>
    private sealed record Load(double Every, double Seconds, int Tokens, KvStorage Storage);

    private static Row Run(BenchPlan plan, GuiAgent agent, Compression compression, int screens, string mode, int agents, Load load)
    {
        var generation = new GenerationOptions { MaxNewTokens = load.Tokens };
        var history = plan.Screenshots(screens);
        var options = new SessionOptions
        {
            Method = compression.Method,
            Budget = compression.Budget,
            Storage = load.Storage,
            FrameWindow = screens,
            AnswerWindow = screens,
            HostBytes = long.MaxValue,
            Prompt = PromptStyle.Get("mini"),
            Position = InstructionPosition.First,
            Generation = generation,
        };
        using var first = agent.OpenSession(Instruction, options);
        first.Step(history);
        var open = Enumerable.Range(0, agents).Select(_ => first.Fork()).ToList();
        using var times = new TokenTimes();
        var steps = new List<double>();
        var written = 0;
        var watch = Stopwatch.StartNew();
        Task.WhenAll(Enumerable.Range(0, agents).Select(i => Task.Run(() => Act(i)))).GetAwaiter().GetResult();
        var seconds = watch.Elapsed.TotalSeconds;
        var prompt = open[0].Kv.Tokens;
        open.ForEach(s => s.Dispose());
        return new Row(
            screens, compression.Name, BenchPlan.Keep(compression), prompt, mode, agents, load.Every, Math.Round(seconds, 1), steps.Count,
            Math.Round(steps.Count / seconds, 2), Math.Round(written / seconds, 1), Percentiles.Of(steps),
            Percentiles.Of(times.FirstTokens), Percentiles.Of(times.Gaps));

        async Task Act(int number)
        {
            List<Screenshot> seen = [.. history];
            var random = new Random(number);
            // Agents do not begin at one moment.
            await Task.Delay(TimeSpan.FromSeconds(load.Every * random.NextDouble())).ConfigureAwait(false);
            for (var step = 0; watch.Elapsed.TotalSeconds < load.Seconds; step++)
            {
                var next = Changed(history[step % history.Count], random);
                seen = [.. seen.Skip(1), next];
                var start = watch.Elapsed;
                var answer = mode == "session"
                    ? await open[number].StepAsync([next]).ConfigureAwait(false)
                    : await agent.GroundAsync(seen, Instruction, new GroundingOptions
                    {
                        Method = options.Method,
                        Budget = options.Budget,
                        Prompt = options.Prompt,
                        Position = options.Position,
                        Generation = generation,
                    }).ConfigureAwait(false);
                var took = watch.Elapsed - start;
                lock (steps)
                {
                    steps.Add(took.TotalMilliseconds);
                    written += answer.Tokens.Count;
                }

                if (TimeSpan.FromSeconds(load.Every) - took is { Ticks: > 0 } rest)
                    await Task.Delay(rest).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A screenshot that nobody has seen: another one with some pixels changed.</summary>
    private static Screenshot Changed(Screenshot screen, Random random)
    {
        var rgb = screen.Rgb.ToArray();
        random.NextBytes(rgb.AsSpan(0, 3 * 64));
        return Screenshot.FromRgb(rgb, screen.Width, screen.Height, "changed");
    }
}
