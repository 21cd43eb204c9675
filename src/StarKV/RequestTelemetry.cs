using System.Diagnostics;
using StarKV.Account;
using StarKV.Schedule;

namespace StarKV;

/// <summary>What one request tells of itself: a span with its stages, and its times; nothing where nobody listens.</summary>
/// <remarks>It is made by whoever asks, and used on the inference thread.</remarks>
internal sealed class RequestTelemetry
{
    private readonly DateTime _begun = TimeProvider.System.GetUtcNow().UtcDateTime;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly KeyValuePair<string, object?> _model;
    private readonly Activity? _span;
    private TimeSpan _firstToken, _lastToken;
    private int _tokens;

    /// <summary>A request begins; its span is a child of the caller's.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="prompt">The prompt.</param>
    public RequestTelemetry(string model, PreparedPrompt prompt)
    {
        _model = new("gen_ai.request.model", model);
        if (!EngineTelemetry.Source.HasListeners())
            return;
        var caller = Activity.Current;
        _span = EngineTelemetry.Source.StartActivity($"chat {model}");
        Activity.Current = caller;
        _span?.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", model)
            .SetTag("gen_ai.usage.input_tokens", prompt.Prompt.Length)
            .SetTag("starkv.method", ListText.Of(prompt.Request.Compressions));
    }

    /// <summary>Everybody who writes got a token.</summary>
    /// <param name="tokens">Tokens of the request's answers so far.</param>
    public void Written(int tokens)
    {
        var now = Stopwatch.GetElapsedTime(_start);
        if (_tokens == 0)
            _firstToken = now;
        else if (EngineTelemetry.TokenGap.Enabled)
            EngineTelemetry.TokenGap.Record((now - _lastToken).TotalSeconds, _model);
        (_tokens, _lastToken) = (tokens, now);
    }

    /// <summary>The request has ended.</summary>
    /// <param name="times">Its stages.</param>
    /// <param name="read">Tokens that were read.</param>
    /// <param name="error">Why there is no answer; null when there is one.</param>
    public void End(StageTimes times, int read, Exception? error)
    {
        var outcome = error is null ? "answered" : error is OperationCanceledException ? "left" : error.GetType().Name;
        var all = Stopwatch.GetElapsedTime(_start);
        EngineTelemetry.Duration.Record(all.TotalSeconds, _model, new("outcome", outcome));
        if (_tokens > 0)
            EngineTelemetry.FirstToken.Record(_firstToken.TotalSeconds, _model);
        if (_tokens > 1)
            EngineTelemetry.TokenTime.Record((_lastToken - _firstToken).TotalSeconds / (_tokens - 1), _model);
        (string Name, TimeSpan Time)[] stages =
            [("waiting", times.Waiting), ("vision", times.Vision), ("prefill", times.Prefill), ("decode", times.Decode)];
        foreach (var (name, time) in stages)
            EngineTelemetry.Stage.Record(time.TotalSeconds, _model, new("stage", name));
        EngineTelemetry.Tokens.Add(read, _model, new("kind", "read"));
        EngineTelemetry.Tokens.Add(_tokens, _model, new("kind", "written"));
        if (_span is not null)
            EndSpan(stages, outcome, error);
    }

    private void EndSpan((string Name, TimeSpan Time)[] stages, string outcome, Exception? error)
    {
        var current = Activity.Current;
        _span!.SetTag("gen_ai.usage.output_tokens", _tokens).SetTag("starkv.outcome", outcome);
        if (error is not null and not OperationCanceledException)
            _span.SetStatus(ActivityStatusCode.Error, outcome).SetTag("error.type", error.GetType().FullName);
        // Pieces of several requests alternate: the stages' times are theirs, their places are one after the other.
        var at = _begun;
        foreach (var (name, time) in stages)
        {
            using var stage = EngineTelemetry.Source.StartActivity(name, ActivityKind.Internal, _span.Context, startTime: at);
            at += time;
            stage?.SetEndTime(at);
        }

        _span.Dispose();
        Activity.Current = current;
    }
}
