using System.Runtime.CompilerServices;
using StarKV.Budget;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Tests;

/// <summary>Takes one step of a session again and again, and refuses its first allocation, its second, and so on to its last.</summary>
internal static class RefusedAllocations
{
    /// <summary>Runs.</summary>
    /// <param name="stride">1 for every allocation, n for every n-th.</param>
    /// <param name="say">Receives what went otherwise than it must, and last the counts.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(int stride, Action<string> say)
    {
        // Nothing is remembered of screenshots, so that each step encodes its own.
        using var agent = GuiAgent.Load(Environment.GetEnvironmentVariable("STARKV_TEST_MODEL")!, "cpu", screenCacheBytes: 0);
        var sessions = Enum.GetValues<KvStorage>().Select(storage => agent.OpenSession("Click \"Save\"", new SessionOptions
        {
            Method = new SnapKv(),
            Budget = KvBudget.Keep(0.5),
            Storage = storage,
            Prompt = PromptStyle.Get("mini"),
            Generation = new GenerationOptions { MaxNewTokens = 3 },
        })).ToList();
        sessions.ForEach(s => s.Step(Picture(56)));
        var next = Picture(84);
        var expected = sessions.ConvertAll(s => Answer(s));
        FailingAllocations.Install();
        var counts = sessions.ConvertAll(Count);
        var tensors = agent.LiveTensors;
        var (refused, survived, wrong) = (0, 0, 0);
        foreach (var (session, storage) in sessions.Zip(Enum.GetValues<KvStorage>()))
        {
            var index = sessions.IndexOf(session);
            for (var k = 1L; k <= counts[index]; k += stride)
            {
                using var fork = session.Fork();
                FailingAllocations.Refuse(k);
                try
                {
                    var answer = fork.Step(next);
                    survived++;
                    Check(answer.Tokens.SequenceEqual(expected[index]), "answered otherwise");
                }
                catch (StarKvMemoryException)
                {
                    refused++;
                    FailingAllocations.Refuse(long.MaxValue);
                    Check(fork.Steps == 1 && fork.Kv.Tokens == session.Kv.Tokens, "left a changed session");
                    // Each next answer would take as long again.
                    if (refused % 8 == 0)
                        Check(fork.Step(next).Tokens.SequenceEqual(expected[index]), "spoilt the next answer");
                }
                catch (Exception e)
                {
                    Check(false, $"{e.GetType().Name}: {e.Message.Split('\n')[0]}");
                }

                FailingAllocations.Refuse(long.MaxValue);
                fork.Dispose();
                Check(agent.LiveTensors == tensors, $"left {agent.LiveTensors - tensors} tensors");

                void Check(bool holds, string what)
                {
                    if (holds)
                        return;
                    wrong++;
                    say($"{storage}, allocation {k}: {what}");
                }
            }
        }

        say($"{string.Join('+', counts)} allocations, every {stride}: {refused} refused, {survived} answered all the same, {wrong} wrong");
        return wrong == 0 ? 0 : 1;

        IReadOnlyList<int> Answer(GuiSession session)
        {
            using var fork = session.Fork();
            return fork.Step(next).Tokens;
        }

        long Count(GuiSession session)
        {
            FailingAllocations.Refuse(long.MaxValue);
            Answer(session);
            return FailingAllocations.Count;
        }
    }

    private static Screenshot Picture(int side)
    {
        var rgb = new byte[3 * side * side];
        new Random(side).NextBytes(rgb);
        return Screenshot.FromRgb(rgb, side, side);
    }
}
