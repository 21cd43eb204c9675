using StarKV.Server.Answering;
using StarKV.Server.Errors;
using StarKV.Server.Http;
using StarKV.Server.Sessions;

namespace StarKV.Server.Tests.Http;

public sealed class ErrorGateTests : IDisposable
{
    private readonly SessionTable _table = new(new SessionLimits(), TimeProvider.System);
    private readonly ServerMetrics _metrics;
    private readonly List<string> _log = [];

    public ErrorGateTests() => _metrics = new ServerMetrics(_table, () => false);

    public void Dispose()
    {
        _metrics.Dispose();
        _table.Dispose();
    }

    private ApiException Told(Exception error) => new ErrorGate(_log.Add, _metrics, TimeProvider.System).Told(error, "req_1");

    [Fact]
    public void What_went_wrong_inside_is_for_the_log_alone()
    {
        var told = Told(EngineErrors.Of(new InvalidOperationException("a secret of the server")));
        Assert.Equal((500, "engine_failed", 1), (told.Status, told.Code, told.RetryAfter));
        Assert.DoesNotContain("secret", told.Message, StringComparison.Ordinal);
        Assert.Equal("req_1: engine_failed: InvalidOperationException a secret of the server", Assert.Single(_log));
    }

    public static TheoryData<Exception, int, string> OfTheEngine => new()
    {
        { new StarKvPromptTooLongException("m"), 400, "context_length_exceeded" },
        { new StarKvMemoryException("m") { NeverFits = true }, 400, "prompt_too_large" },
        { new StarKvMemoryException("m"), 429, "out_of_kv_memory" },
        { new StarKvBusyException("m"), 429, "queue_full" },
        { new StarKvTimeoutException("m"), 429, "wait_too_long" },
        { new StarKvDeviceException("m"), 503, "engine_down" },
        { new StarKvException("m"), 400, "invalid_request" },
        { new ObjectDisposedException("agent"), 503, "draining" },
    };

    [Theory]
    [MemberData(nameof(OfTheEngine))]
    public void Each_error_of_the_engine_has_its_status(Exception error, int status, string code)
    {
        var told = Told(error);
        Assert.Equal((status, code), (told.Status, told.Code));
        // Whoever may try again is told when, and nobody else.
        Assert.Equal(status != 400, told.RetryAfter is >= 1 and <= 60);
        Assert.Equal(status >= 500, _log.Count == 1);
    }
}
