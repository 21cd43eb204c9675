using StarKV.Bench;
using StarKV.Budget;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Soak;

/// <summary>Six clients take steps in sessions of every storage, one agent serves them, and a third of the steps is left at random.</summary>
internal static class LeavingClients
{
    private const int Clients = 6, Rounds = 40, LongestSession = 6, Seed = 33;

    /// <summary>Bytes a step that a growth must be shown to exceed to be wrong; the rows of the smallest step take ten times as many.</summary>
    private const double Tolerated = 2048;

    public static void Run(Findings findings, int steps)
    {
        using var agent = GuiAgent.Load(Question.Model, "cpu", screenCacheBytes: 1 << 20);
        var (answered, left, wrong) = (0, 0, 0);
        // What is made once is there before anything is compared.
        Round(0, Math.Max(steps / Rounds, 60));
        (answered, left) = (0, 0);
        List<(long Live, long Resident, long Held)> at = [Look()];
        for (var round = 1; round <= Rounds; round++)
        {
            Round(round, steps / Rounds);
            at.Add(Look());
        }

        findings.Row($"steps answered and left, {Clients} clients at a time", answered + left, $"{answered} and {left}, {wrong} errors");
        findings.Row("live tensors between rounds, least and most", at.Count, $"{at.Min(a => a.Live)}, {at.Max(a => a.Live)}");
        findings.Row("bytes held between rounds, least and most", at.Count, $"{at.Min(a => a.Held)}, {at.Max(a => a.Held)}");
        var late = at.Skip(at.Count / 2).ToList();
        var trend = Trend.Of([.. late.Select(a => (double)a.Resident * Rounds / steps)]);
        findings.Row("growth of the resident memory in the second half, freed memory given back, bytes a step", late.Count, $"{trend}");
        findings.Row("resident memory in the middle and at the end, MiB", at.Count, $"{late[0].Resident >> 20}, {at[^1].Resident >> 20}");
        findings.Check(trend.Low <= Tolerated, $"the resident memory grows by {trend} bytes a step");
        findings.Check(wrong == 0, $"{wrong} steps ended with an error");
        findings.Check(left > steps / 6 && answered > steps / 3, $"{answered} steps were answered and {left} left");
        findings.Check(at.All(a => a.Live == at[0].Live), $"live tensors: {string.Join(' ', at.Select(a => a.Live))}");
        findings.Check(at.All(a => a.Held == 0), $"bytes held: {string.Join(' ', at.Select(a => a.Held))}");

        (long Live, long Resident, long Held) Look()
        {
            FreedMemory.GiveBack();
            var load = agent.EngineLoad;
            findings.Check(load is { Waiting: 0, Running: 0, PromisedBytes: 0 }, $"between rounds: {load}");
            return (agent.LiveTensors, MemoryReading.Now().ProcessBytes, load.HeldBytes);
        }

        void Round(int round, int count)
        {
            var rest = count;
            Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => Client(new Random(Seed + 100 * round + client))))).GetAwaiter().GetResult();

            async Task Client(Random random)
            {
                while (Volatile.Read(ref rest) > 0)
                {
                    using var session = agent.OpenSession("Click \"Save\"", Options(random));
                    for (var step = random.Next(1, LongestSession + 1); step > 0 && Interlocked.Decrement(ref rest) >= 0; step--)
                    {
                        try
                        {
                            Interlocked.Increment(ref await Stays(session, random).ConfigureAwait(false) ? ref answered : ref left);
                        }
                        catch (Exception e)
                        {
                            Interlocked.Increment(ref wrong);
                            findings.Check(false, $"{e.GetType().Name}: {e.Message}");
                        }
                    }
                }
            }
        }
    }

    /// <summary>Takes a step; a third is left: before it begins, while it is read, or in the middle of its answer.</summary>
    private static async Task<bool> Stays(GuiSession session, Random random)
    {
        var (steps, screen) = (session.Steps, Picture(random));
        using var stop = new CancellationTokenSource();
        var kind = random.Next(6);
        if (kind == 0)
            stop.CancelAfter(random.Next(0, 300));
        try
        {
            if (kind == 1)
            {
                await foreach (var piece in session.StreamAsync([screen], cancellation: stop.Token).ConfigureAwait(false))
                    break;
            }
            else
            {
                await session.StepAsync([screen], cancellation: stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (kind == 0)
        {
        }

        return session.Steps > steps;
    }

    private static SessionOptions Options(Random random) => new()
    {
        Method = random.Next(2) == 0 ? new SnapKv() : new StarKv(),
        Budget = KvBudget.Keep(0.4),
        Storage = (KvStorage)random.Next(3),
        FrameWindow = 3,
        AnswerWindow = 3,
        Prompt = PromptStyle.Get("mini"),
        Generation = new GenerationOptions { MaxNewTokens = 6 },
    };

    private static Screenshot Picture(Random random)
    {
        var (width, height) = (56 + 28 * random.Next(3), 84);
        var rgb = new byte[3 * width * height];
        random.NextBytes(rgb);
        return Screenshot.FromRgb(rgb, width, height);
    }
}
