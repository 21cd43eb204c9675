namespace StarKV.Hub;

/// <summary>The hub cannot answer now; it may say when to come back.</summary>
internal sealed class HubBusyException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>Tries again what may go better later, ever less often, until it has failed several times without getting any further.</summary>
internal sealed class HubRetry(TimeProvider time, Random random)
{
    /// <summary>Failures in a row, without one new byte, after which it is given up.</summary>
    public const int MaxFailures = 6;

    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <summary>Runs an attempt until it succeeds; <paramref name="reached"/> says how far the attempts have come.</summary>
    /// <exception cref="StarKvException">It was given up, or an attempt failed for good.</exception>
    public async Task<T> RunAsync<T>(string what, Func<Task<T>> attempt, Func<long> reached, CancellationToken cancellation)
    {
        var (failures, best) = (0, reached());
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && e is HubBusyException or HttpRequestException or IOException or OperationCanceledException)
            {
                if (reached() > best)
                    (failures, best) = (0, reached());
                if (++failures == MaxFailures)
                    throw new StarKvException($"{what} failed {MaxFailures} times in a row: {Reason(e)} What has arrived is kept; run the command again to go on.", e);
                await Task.Delay(Wait(failures, (e as HubBusyException)?.RetryAfter), time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Half a second, doubled each time, shortened at random so that many do not come back at once; never less than the hub asks for.</summary>
    private TimeSpan Wait(int failures, TimeSpan? asked)
    {
#pragma warning disable CA5394 // Spreads requests; nothing secret depends on it.
        var own = s_first * (1 << (failures - 1)) * (0.5 + 0.5 * random.NextDouble());
#pragma warning restore CA5394
        return asked is { } least && least > own ? (least < s_longest ? least : s_longest) : own;
    }

    private static string Reason(Exception e) => e is OperationCanceledException ? "the connection fell silent." : $"{e.Message.TrimEnd('.')}.";
}
