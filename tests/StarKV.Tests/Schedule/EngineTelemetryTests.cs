using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using StarKV.Decode;
using StarKV.Schedule;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Schedule;

/// <summary>What a listener hears of requests.</summary>
[Collection(MiniModelTests.Name)]
public sealed class EngineTelemetryTests(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 4 } };

    [Fact]
    public async Task Instruments_tell_times_tokens_and_bytes()
    {
        var heard = new ConcurrentBag<(string Name, string Tags, double Value)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == EngineTelemetry.MeterName)
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value, tags));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, value, tags));
        listener.Start();
        var answer = mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, _ => stop.Cancel(), stop.Token));
        listener.RecordObservableInstruments();

        Assert.Contains(heard, h => h.Name == "gen_ai.server.request.duration" && h.Tags.Contains("outcome=answered", StringComparison.Ordinal) && h.Value > 0);
        Assert.Contains(heard, h => h.Name == "gen_ai.server.request.duration" && h.Tags.Contains("outcome=left", StringComparison.Ordinal));
        Assert.Contains(heard, h => h.Name == "gen_ai.server.time_to_first_token" && h.Tags.Contains("gen_ai.request.model=mini", StringComparison.Ordinal));
        Assert.Contains(heard, h => h.Name == "gen_ai.server.time_per_output_token" && h.Value > 0);
        Assert.Equal(answer.Tokens.Count - 1, heard.Count(h => h.Name == "starkv.token.gap"), tolerance: 3);
        Assert.Equal(
            ["decode", "prefill", "vision", "waiting"],
            heard.Where(h => h.Name == "starkv.stage.duration").Select(h => h.Tags.Split("stage=")[1].Split(';')[0]).Distinct().Order());
        Assert.Contains(heard, h => h.Name == "starkv.tokens" && h.Tags.Contains("kind=read", StringComparison.Ordinal) && h.Value > 10);
        Assert.Contains(heard, h => h.Name == "starkv.tokens" && h.Tags.Contains("kind=written", StringComparison.Ordinal) && h.Value == answer.Tokens.Count);
        Assert.Contains(heard, h => h.Name == "starkv.requests" && h.Tags.Contains("state=writing", StringComparison.Ordinal));
        Assert.Contains(heard, h => h.Name == "starkv.device.memory" && h.Tags.Contains("state=free", StringComparison.Ordinal) && h.Value > 0);
        Assert.Equal((0, 0), (mini.Agent.EngineLoad.Waiting, mini.Agent.EngineLoad.Running));

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            heard.Add((instrument.Name, string.Join(';', tags.ToArray().Select(t => $"{t.Key}={t.Value}")), value));
    }

    [Fact]
    public void A_request_is_a_span_of_its_caller_with_its_stages_and_without_its_words()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EngineTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = new Activity("caller").Start();
        var answer = mini.Agent.Ground(MiniModel.Tiny(), "Click \"secret words\"", s_short);
        Assert.Same(caller, Activity.Current);

        var request = Assert.Single(spans, s => s.ParentSpanId == caller.SpanId);
        Assert.Equal("chat mini", request.DisplayName);
        Assert.Equal(answer.Tokens.Count, request.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal("answered", request.GetTagItem("starkv.outcome"));
        var stages = spans.Where(s => s.ParentSpanId == request.SpanId).Select(s => s.DisplayName).Order();
        Assert.Equal(["decode", "prefill", "vision", "waiting"], stages);
        Assert.DoesNotContain(spans.SelectMany(s => s.TagObjects), t => $"{t.Value}".Contains("secret", StringComparison.Ordinal));
    }
}
