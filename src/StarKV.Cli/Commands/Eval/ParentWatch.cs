namespace StarKV.Cli.Commands.Eval;

/// <summary>
/// Lets a process that another one started end with it: its standard input closes when the parent is gone, however it went.
/// </summary>
internal static class ParentWatch
{
    /// <summary>Set by a parent that holds the other end of the standard input.</summary>
    public const string Variable = "STARKV_PARENT_WATCH";

    /// <summary>What a killed parent left behind ends by itself; a new parent's processes wait that long for it.</summary>
    public static TimeSpan Patience => IsWatched ? TimeSpan.FromSeconds(30) : TimeSpan.Zero;

    private static bool IsWatched => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>
    /// A source that is cancelled with <paramref name="cancellation"/>, and when the parent is gone if there is one that watches.
    /// </summary>
    public static CancellationTokenSource Link(CancellationToken cancellation)
    {
        var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!IsWatched)
            return linked;
        new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
                // Nothing is sent; only the end matters.
            }

            try
            {
                linked.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The work ended first.
            }
        })
        { IsBackground = true, Name = "parent watch" }.Start();
        return linked;
    }
}
