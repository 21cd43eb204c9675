using System.Net.Sockets;
using System.Security.Authentication;

namespace StarKV.Hub;

/// <summary>The hub cannot answer now; it may say when to come back.</summary>
internal class HubBusyException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The hub cannot continue after the part that has arrived: the file must be asked for whole.</summary>
internal sealed class HubPartException(string message) : HubBusyException(message);

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
            catch (Exception e) when (!cancellation.IsCancellationRequested
                && e is HubBusyException or HttpRequestException or IOException or OperationCanceledException)
            {
                if (IsFinal(e))
                    throw new StarKvException($"{what} failed: {Reason(e)} Check the address (HF_ENDPOINT or --endpoint) and, " +
                        $"if there is one, the proxy (HTTPS_PROXY).", e);
                if (reached() > best)
                    (failures, best) = (0, reached());
                if (++failures == MaxFailures)
                    throw new StarKvException($"{what} failed {MaxFailures} times in a row: {Reason(e)} What has arrived is kept; " +
                        $"run the command again to go on.", e);
                await Task.Delay(Wait(failures, (e as HubBusyException)?.RetryAfter), time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Half a second, doubled each time, shortened at random so that many do not come back at once; never less than the hub asks for.
    /// </summary>
    private TimeSpan Wait(int failures, TimeSpan? asked)
    {
#pragma warning disable CA5394 // Spreads requests; nothing secret depends on it.
        var own = s_first * (1 << (failures - 1)) * (0.5 + 0.5 * random.NextDouble());
#pragma warning restore CA5394
        return asked is { } least && least > own ? (least < s_longest ? least : s_longest) : own;
    }

    /// <summary>
    /// Faults that no waiting mends: nothing could be sent, no such name, no trust in the certificate, no common way to speak.
    /// </summary>
    private static bool IsFinal(Exception e) => e is HttpRequestException fault
        && (fault.HttpRequestError is HttpRequestError.UserAuthenticationError or HttpRequestError.VersionNegotiationError
                or HttpRequestError.ConfigurationLimitExceeded
            || fault is { HttpRequestError: HttpRequestError.Unknown, InnerException: null }
            || fault.InnerException is AuthenticationException
                or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData });

    private static string Reason(Exception e)
    {
        if (e is OperationCanceledException)
            return "the connection fell silent.";
        var told = e.InnerException is AuthenticationException untrusted ? untrusted : e;
        return $"{told.Message.TrimEnd('.')}.";
    }
}
