using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StarKV.Schedule;

/// <summary>What engines tell to OpenTelemetry and other listeners: instruments of a meter, and a span for each request.</summary>
/// <remarks>
/// docs/engine.md lists them. Names that begin with <c>gen_ai.</c> are those of OpenTelemetry's semantic conventions for generative AI.
/// Times are in seconds. No text and no picture is told. Thread-safe.
/// </remarks>
public static class EngineTelemetry
{
    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "StarKV";

    /// <summary>The name of the source of spans, for <c>AddSource</c>.</summary>
    public const string SourceName = "StarKV";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly ConcurrentDictionary<Engine, KeyValuePair<string, object?>> s_engines = new();

    static EngineTelemetry()
    {
        Gauge(
            "starkv.requests", "{request}", "Requests by state.",
            l => [("waiting", l.Waiting), ("running", l.Running), ("writing", l.Writing)]);
        Gauge(
            "starkv.device.memory", "By", "Bytes for requests and sessions by state.",
            l => [("held", l.HeldBytes), ("promised", l.PromisedBytes), ("free", l.FreeBytes)]);
    }

    internal static ActivitySource Source { get; } = new(SourceName);

    internal static Histogram<double> Duration { get; } = Seconds("gen_ai.server.request.duration", "From the request to its answer.");

    internal static Histogram<double> FirstToken { get; } = Seconds(
        "gen_ai.server.time_to_first_token", "From the request to the answer's first token.");

    internal static Histogram<double> TokenTime { get; } = Seconds(
        "gen_ai.server.time_per_output_token", "Mean time of the tokens after the first.");

    internal static Histogram<double> TokenGap { get; } = Seconds("starkv.token.gap", "From one token of an answer to the next.");

    internal static Histogram<double> Stage { get; } = Seconds("starkv.stage.duration", "Time of one stage of a request.");

    internal static Counter<long> Tokens { get; } = s_meter.CreateCounter<long>("starkv.tokens", "{token}", "Tokens read and written.");

    internal static Counter<long> Released { get; } = s_meter.CreateCounter<long>(
        "starkv.sessions.released", "{session}", "Idle sessions whose rows left the device.");

    /// <summary>Begins to tell of an engine.</summary>
    internal static void Add(Engine engine, string model) => s_engines[engine] = new("gen_ai.request.model", model);

    /// <summary>Tells of it no longer.</summary>
    internal static void Remove(Engine engine) => s_engines.TryRemove(engine, out _);

    private static Histogram<double> Seconds(string name, string what) => s_meter.CreateHistogram(
        name, "s", what, tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 30, 60],
        });

    private static void Gauge(string name, string unit, string what, Func<EngineLoad, (string State, long Value)[]> values) =>
        s_meter.CreateObservableUpDownCounter(
            name,
            () => s_engines.SelectMany(e => values(e.Key.Load).Select(v => new Measurement<long>(v.Value, e.Value, new("state", v.State)))),
            unit, what);
}
