using System.Diagnostics;

namespace StarKV.Soak;

/// <summary>An agent is disposed at a random time while threads call it: every call is answered right or refused in its name.</summary>
internal static class DisposedWhileCalled
{
    private const int Threads = 3, Tokens = 6, Seed = 4;
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(1);

    public static void Run(Findings findings, int rounds)
    {
        var questions = Question.OfEveryMethod(Tokens);
        IReadOnlyList<string> expected;
        var watch = Stopwatch.StartNew();
        using (var alone = GuiAgent.Load(Question.Model, "cpu"))
            expected = [.. questions.Select(q => q.Ask(alone))];
        var longest = watch.Elapsed / 4;
        var random = new Random(Seed);
        int right = 0, wrong = 0, refused = 0, others = 0, hangs = 0;
        for (var round = 0; round < rounds; round++)
        {
            var agent = GuiAgent.Load(Question.Model, "cpu");
            var threads = Enumerable.Range(0, Threads)
                .Select(thread => new Thread(() => Call(agent, thread)) { IsBackground = true }).ToList();
            threads.ForEach(t => t.Start());
            Thread.Sleep(longest * random.NextDouble());
            var disposing = Task.Run(agent.Dispose);
            hangs += threads.Count(t => !t.Join(s_hang)) + (disposing.Wait(s_hang) ? 0 : 1);
        }

        var faults = $"{wrong} wrong, {others} other exceptions, {hangs} hangs";
        var found = $"{right} right, {refused} ObjectDisposedException of GuiAgent, {faults}";
        findings.Row($"agent disposed while {Threads} threads call, rounds", rounds, found);
        findings.Check(wrong + others + hangs == 0, faults);
        findings.Check(refused == rounds * Threads, $"{refused} of {rounds * Threads} threads were refused in the end");

        void Call(GuiAgent agent, int thread)
        {
            for (var i = thread; ; i++)
            {
                try
                {
                    var isRight = questions[i % questions.Count].Ask(agent) == expected[i % questions.Count];
                    Interlocked.Increment(ref isRight ? ref right : ref wrong);
                }
                catch (ObjectDisposedException e) when (e.ObjectName == typeof(GuiAgent).FullName)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }
                catch (Exception e)
                {
                    findings.Check(false, $"{e.GetType().Name}: {e.Message}");
                    Interlocked.Increment(ref others);
                    return;
                }
            }
        }
    }
}
