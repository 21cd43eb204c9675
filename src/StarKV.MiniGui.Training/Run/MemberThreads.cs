using StarKV.Runtime;

namespace StarKV.MiniGui.Training.Run;

/// <summary>The threads of a team's members, one per device: gradients, dispose scopes and live counts belong to a thread.</summary>
internal static class MemberThreads
{
    /// <summary>
    /// Runs each member's work on a separate thread and returns when all have ended, whether or not one failed; then no thread is left.
    /// </summary>
    /// <param name="team">The team; it holds the first failure, which also ends the other members' work.</param>
    /// <param name="start">Starts the thread of a member.</param>
    /// <param name="work">The work of a member, by its number.</param>
    public static void Run(Team team, Func<int, InferenceThread> start, Action<int> work)
    {
        var threads = new List<InferenceThread>();
        var members = new List<Task>();
        try
        {
            // A thread that does not start, or refuses its work, fails the team: the other members would wait for it without end.
            team.Run(() =>
            {
                for (var number = 0; number < team.Size; number++)
                {
                    var member = number;
                    threads.Add(start(member));
                    members.Add(WatchAsync(team, threads[member].RunAsync(() => Work(team, () => work(member)))));
                }
            });
            Task.WhenAll(members).GetAwaiter().GetResult();
        }
        finally
        {
            threads.ForEach(thread => thread.Dispose());
        }
    }

    private static bool Work(Team team, Action work)
    {
        team.Run(work);
        return true;
    }

    private static async Task WatchAsync(Team team, Task member)
    {
        try
        {
            await member.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            team.Fail(e);
        }
    }
}
