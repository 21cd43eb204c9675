using System.Collections.Concurrent;
using System.Diagnostics;
using StarKV.Runtime;

namespace StarKV.Soak;

/// <summary>Eight threads call one agent; every second call is cancelled at a random time.</summary>
internal static class CallingThreads
{
    private const int Threads = 8, Tokens = 6, Seed = 21;

    public static void Run(Findings findings, int calls)
    {
        using var agent = GuiAgent.Load(Question.Model, "cpu");
        var questions = Question.OfEveryMethod(Tokens);
        var expected = questions.Select(q => q.Ask(agent)).ToList();
        var watch = Stopwatch.StartNew();
        findings.Check(expected.SequenceEqual(questions.Select(q => q.Ask(agent))), "answers differ before the threads begin");
        // Half of a queue's length: some calls are cancelled while they wait, some while they are answered, some too late.
        var longest = watch.Elapsed / questions.Count * Threads / 2;
        var (live, resident) = (agent.LiveTensors, MemoryReading.Now().ProcessBytes);
        int right = 0, wrong = 0, cancelled = 0, others = 0;
        var ends = new ConcurrentBag<double>();
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            var random = new Random(Seed + thread);
            for (var call = 0; call < calls; call++)
                Call(random.Next(questions.Count), call % 2 == 0 ? null : longest * random.NextDouble());
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        var afterwards = questions.Select(q => q.Ask(agent)).Zip(expected).Count(pair => pair.First == pair.Second);
        var all = Threads * calls;
        var outcome = $"{right} right, {cancelled} cancelled, {wrong} wrong, {others} other exceptions";
        findings.Row($"{Threads} threads, half of the calls cancelled at random", all, outcome);
        var times = ends.Order().ToList();
        var waits = times.Count == 0 ? "none" : $"median {times[times.Count / 2]:0.00}, longest {times[^1]:0.00}";
        findings.Row("cancel to return, s", times.Count, waits);
        findings.Row("live tensors before and after", 1, $"{live}, {agent.LiveTensors}");
        findings.Row("resident memory before and after, MiB", 1, $"{resident >> 20}, {MemoryReading.Now().ProcessBytes >> 20}");
        findings.Row("answers afterwards that are equal", questions.Count, $"{afterwards}");
        findings.Check(wrong == 0 && others == 0, $"{wrong} wrong answers, {others} other exceptions");
        findings.Check(cancelled > 0 && right > 0, "the calls were all answered or all cancelled");
        findings.Check(agent.LiveTensors == live, $"{live} live tensors before, {agent.LiveTensors} after");
        findings.Check(afterwards == questions.Count, $"{questions.Count - afterwards} answers afterwards differ");

        void Call(int question, TimeSpan? cancelAfter)
        {
            using var stop = new CancellationTokenSource();
            var asked = 0L;
            using var note = stop.Token.Register(() => Volatile.Write(ref asked, Stopwatch.GetTimestamp()));
            if (cancelAfter is { } time)
                stop.CancelAfter(time);
            try
            {
                var isRight = questions[question].Ask(agent, stop.Token) == expected[question];
                Interlocked.Increment(ref isRight ? ref right : ref wrong);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The call may see the request before the note of it is taken.
                var at = Volatile.Read(ref asked);
                ends.Add(at == 0 ? 0 : Stopwatch.GetElapsedTime(at).TotalSeconds);
                Interlocked.Increment(ref cancelled);
            }
            catch (Exception e)
            {
                findings.Check(false, $"{e.GetType().Name}: {e.Message}");
                Interlocked.Increment(ref others);
            }
        }
    }
}
