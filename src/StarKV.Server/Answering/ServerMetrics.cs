using System.Diagnostics.Metrics;
using StarKV.Decode;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;

namespace StarKV.Server.Answering;

/// <summary>What the server counts, for OpenTelemetry and other listeners; docs/server.md lists it. No text and no name is told.</summary>
/// <remarks>Thread-safe. Disposing it ends the telling.</remarks>
internal sealed class ServerMetrics : IDisposable
{
    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "StarKV.Server";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests, _steps, _finished, _tokens, _frames, _empty;
    private readonly Histogram<double> _duration;

    /// <summary>Begins to tell.</summary>
    /// <param name="table">The sessions, which are counted when somebody asks.</param>
    /// <param name="isDraining">Whether new work is refused.</param>
    public ServerMetrics(SessionTable table, Func<bool> isDraining)
    {
        _requests = Counter("starkv.server.requests", "{request}", "Requests by route and status.");
        _steps = Counter("starkv.server.steps", "{step}", "Steps answered, by how the request was related to what was held.");
        _finished = Counter("starkv.server.finished", "{step}", "Steps by how they ended.");
        _tokens = Counter("starkv.server.tokens", "{token}", "Tokens of prompts, those of them that were not read, and those of answers.");
        _frames = Counter("starkv.server.frames.dropped", "{image}", "Screenshots that left sessions.");
        _empty = Counter("starkv.server.answers.empty", "{answer}", "Answers without a character.");
        _duration = _meter.CreateHistogram<double>("starkv.server.request.duration", "s", "From a request's head to its end.");
        _meter.CreateObservableCounter("starkv.server.sessions.evicted", () => table.Evicted, "{session}", "Sessions that were forgotten.");
        _meter.CreateObservableUpDownCounter("starkv.server.sessions", () => Sessions(table), "{session}", "Sessions by state.");
        _meter.CreateObservableUpDownCounter(
            "starkv.server.inputs", () => table.InputBytes, "By", "Bytes of screenshots that sessions remember.");
        _meter.CreateObservableGauge("starkv.server.draining", () => isDraining() ? 1 : 0, null, "1 when new work is refused.");
    }

    /// <summary>A request has ended.</summary>
    /// <param name="route">Its route, as it is mapped; empty for none.</param>
    /// <param name="status">Its status; 499 where the client left.</param>
    /// <param name="time">From its head to its end.</param>
    public void Request(string route, int status, TimeSpan time)
    {
        _requests.Add(1, new("route", route), new("status", status));
        _duration.Record(time.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }

    /// <summary>A step was answered.</summary>
    public void Answered(StepResult result)
    {
        var (answer, step) = (result.Answer, result.Answer.Session!);
        _steps.Add(1, new KeyValuePair<string, object?>("outcome", result.OutcomeName));
        Ended(answer.Finish == FinishReason.Length ? "length" : "stop");
        _tokens.Add(step.Tokens, new KeyValuePair<string, object?>("kind", "prompt"));
        _tokens.Add(step.Tokens - result.Read, new KeyValuePair<string, object?>("kind", "cached"));
        if (result.Outcome == Outcome.Replay)
            return;
        _tokens.Add(answer.Tokens.Count, new KeyValuePair<string, object?>("kind", "generated"));
        _frames.Add(step.FramesDropped);
        _empty.Add(answer.Text.Length == 0 ? 1 : 0);
    }

    /// <summary>A step has ended.</summary>
    /// <param name="reason"><c>stop</c>, <c>length</c>, <c>left</c>, <c>failed</c> or <c>refused</c>.</param>
    public void Ended(string reason) => _finished.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Whether an instrument tells of another server of the process, whose meter has an equal name.</summary>
    public bool IsOfAnother(Instrument instrument) => instrument.Meter.Name == MeterName && instrument.Meter != _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Counter<long> Counter(string name, string unit, string what) => _meter.CreateCounter<long>(name, unit, what);

    private static IEnumerable<Measurement<int>> Sessions(SessionTable table)
    {
        var (idle, running) = table.Count();
        return [Measured(idle, "idle"), Measured(running, "running")];

        static Measurement<int> Measured(int count, string state) => new(count, new KeyValuePair<string, object?>("state", state));
    }
}
