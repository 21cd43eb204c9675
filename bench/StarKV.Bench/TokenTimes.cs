using System.Diagnostics.Metrics;
using StarKV.Schedule;

namespace StarKV.Bench;

/// <summary>Listens to what engines tell of their tokens, in milliseconds.</summary>
internal sealed class TokenTimes : IDisposable
{
    private const string Gap = "starkv.token.gap", FirstToken = "gen_ai.server.time_to_first_token";
    private readonly MeterListener _listener = new();
    private readonly List<double> _firstTokens = [], _gaps = [];

    /// <summary>Begins to listen.</summary>
    public TokenTimes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineTelemetry.MeterName && instrument.Name is Gap or FirstToken)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, seconds, _, _) =>
        {
            var list = instrument.Name == Gap ? _gaps : _firstTokens;
            lock (list)
                list.Add(seconds * 1000);
        });
        _listener.Start();
    }

    /// <summary>From requests to their first tokens.</summary>
    public IReadOnlyList<double> FirstTokens => _firstTokens;

    /// <summary>From one token of an answer to the next.</summary>
    public IReadOnlyList<double> Gaps => _gaps;

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
