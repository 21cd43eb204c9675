using StarKV.Runtime;

namespace StarKV.MiniGui.Training.Run;

/// <summary>The threads of a group's replicas, one per device: gradients, dispose scopes and live counts belong to a thread.</summary>
internal static class ReplicaThreads
{
    /// <summary>
    /// Runs each replica's work on a separate thread and returns when all have ended, whether or not one failed; then no thread is left.
    /// </summary>
    /// <param name="group">The group; it holds the first failure, which also ends the other replicas' work.</param>
    /// <param name="start">Starts the thread of a replica.</param>
    /// <param name="work">The work of a replica, by its number.</param>
    public static void Run(ReplicaGroup group, Func<int, InferenceThread> start, Action<int> work)
    {
        var threads = new List<InferenceThread>();
        var replicas = new List<Task>();
        try
        {
            // A thread that does not start, or refuses its work, fails the group: the other replicas would wait for it without end.
            group.Run(() =>
            {
                for (var number = 0; number < group.Size; number++)
                {
                    var replica = number;
                    threads.Add(start(replica));
                    replicas.Add(WatchAsync(group, threads[replica].RunAsync(() => Work(group, () => work(replica)))));
                }
            });
            Task.WhenAll(replicas).GetAwaiter().GetResult();
        }
        finally
        {
            threads.ForEach(thread => thread.Dispose());
        }
    }

    private static bool Work(ReplicaGroup group, Action work)
    {
        group.Run(work);
        return true;
    }

    private static async Task WatchAsync(ReplicaGroup group, Task replica)
    {
        try
        {
            await replica.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            group.Fail(e);
        }
    }
}
