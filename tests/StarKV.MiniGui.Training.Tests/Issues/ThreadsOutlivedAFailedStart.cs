using StarKV.MiniGui.Training.Run;
using StarKV.Runtime;

namespace StarKV.MiniGui.Training.Tests.Issues;

/// <summary>A training thread that failed before its work began left the others' threads running, or waiting for it without end.</summary>
public sealed class ThreadsOutlivedAFailedStart
{
    private const int Members = 3;

    [Fact]
    public void A_thread_that_refuses_its_work_ends_the_team()
    {
        using var group = new ReplicaGroup(Members);
        var threads = new List<InferenceThread>();
        var met = 0;

        ReplicaThreads.Run(group, number =>
        {
            threads.Add(new InferenceThread($"replica {number}"));
            if (number == Members - 1)
                threads[number].Dispose();
            return threads[number];
        }, number => Meet(group, number, ref met));

        Assert.Throws<ObjectDisposedException>(group.ThrowFailure);
        Assert.Equal(0, met);
        AllEnded(Members, threads);
    }

    [Fact]
    public void A_thread_that_does_not_start_ends_the_team()
    {
        using var group = new ReplicaGroup(Members);
        var threads = new List<InferenceThread>();
        var met = 0;

        ReplicaThreads.Run(group, number =>
        {
            if (number == Members - 1)
                throw new InvalidOperationException("no stack");
            threads.Add(new InferenceThread($"replica {number}"));
            return threads[number];
        }, number => Meet(group, number, ref met));

        Assert.Equal("no stack", Assert.Throws<InvalidOperationException>(group.ThrowFailure).Message);
        Assert.Equal(0, met);
        AllEnded(Members - 1, threads);
    }

    [Fact]
    public void Without_a_failure_all_members_work_and_no_thread_is_left()
    {
        using var group = new ReplicaGroup(Members);
        var threads = new List<InferenceThread>();
        var met = 0;

        ReplicaThreads.Run(group, number =>
        {
            threads.Add(new InferenceThread($"replica {number}"));
            return threads[number];
        }, number => Meet(group, number, ref met));

        group.ThrowFailure();
        Assert.Equal(Members, met);
        AllEnded(Members, threads);
    }

    private static void Meet(ReplicaGroup group, int number, ref int met)
    {
        if (group.Decide(number, () => 0.5) is 0.5)
            Interlocked.Increment(ref met);
    }

    private static void AllEnded(int count, List<InferenceThread> threads)
    {
        Assert.Equal(count, threads.Count);
        Assert.All(threads, thread => Assert.Throws<ObjectDisposedException>(() => thread.Run(() => true)));
    }
}
