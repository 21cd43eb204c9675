using System.Globalization;

namespace StarKV.Server.Errors;

/// <summary>A request that is answered with an error object.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">The family of errors, as clients of OpenAI's dialect know them.</param>
/// <param name="code">What exactly is wrong, in one word.</param>
/// <param name="message">The thing, the limit and the way out, fit to be shown.</param>
/// <param name="param">The field that is meant; null for none.</param>
internal sealed class ApiException(int status, string type, string code, string message, string? param = null) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The family of errors.</summary>
    public string Type { get; } = type;

    /// <summary>What exactly is wrong.</summary>
    public string Code { get; } = code;

    /// <summary>The field that is meant; null for none.</summary>
    public string? Param { get; } = param;

    /// <value>Seconds after which another try may succeed, 1–60; null (default) where none will.</value>
    public int? RetryAfter { get; init; }

    /// <value>What went wrong inside, for the log alone; null (default) for nothing.</value>
    public Exception? Cause { get; init; }

    /// <value>Further headers of the answer; default none.</value>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The request itself is wrong, and would be wrong again.</summary>
    public static ApiException Invalid(string code, string message, string? param = null) =>
        new(400, "invalid_request_error", code, message, param);

    /// <summary>There is no such thing.</summary>
    public static ApiException NotFound(string code, string message, string? param = null) =>
        new(404, "invalid_request_error", code, message, param);

    /// <summary>Not now; later yes.</summary>
    public static ApiException Busy(string code, string message, int retryAfter) =>
        new(429, "rate_limit_error", code, message) { RetryAfter = Math.Clamp(retryAfter, 1, 60) };

    /// <summary>The server is not able to answer now.</summary>
    public static ApiException Unavailable(string code, string message, int retryAfter) =>
        new(503, "server_error", code, message) { RetryAfter = Math.Clamp(retryAfter, 1, 60) };

    /// <summary>All headers that go with the error.</summary>
    /// <remarks>Clients that obey it are told not to try again where that is in vain; others are told when.</remarks>
    public IEnumerable<(string Name, string Value)> AllHeaders => RetryAfter is { } seconds
        ? [("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)), .. Headers]
        : Status < 500 ? [("x-should-retry", "false"), .. Headers] : Headers;
}
