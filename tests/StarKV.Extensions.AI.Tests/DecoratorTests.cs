using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarKV.Extensions.AI.Tests;

/// <summary>The client below the decorators of Microsoft.Extensions.AI.</summary>
[Collection(MiniChatTests.Name)]
public sealed class DecoratorTests(MiniChat mini)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly MiniSample s_text = MiniSample.Of("text_0");

    [Fact]
    public async Task Logging_sees_the_call_and_its_refusal()
    {
        using var log = new Lines();
        using var client = mini.Client().AsBuilder().UseLogging(log).Build();
        var response = await client.GetResponseAsync(Talk.Messages(s_text), null, Stop);
        Assert.Contains(log.All, line => line.Contains("GetResponseAsync completed", StringComparison.Ordinal));
        Assert.NotNull(response.Answer().Action);
        await Talk.Refusal(() => client.GetResponseAsync(Talk.User("Click"), null, Stop));
        Assert.Contains(log.All, line => line.Contains("GetResponseAsync failed", StringComparison.Ordinal));
        // Screenshots are logged as they are serialised, not as objects that cannot be.
        Assert.Contains(log.All, line => line.Contains("data:image/png;base64,", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenTelemetry_has_a_span_with_model_tokens_and_ending(bool streams)
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "test of spans" or "StarKV",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var client = mini.Client().AsBuilder().UseOpenTelemetry(sourceName: "test of spans").Build();
        var response = streams
            ? (await client.GetStreamingResponseAsync(Talk.Messages(s_text), null, Stop).All()).ToChatResponse()
            : await client.GetResponseAsync(Talk.Messages(s_text), null, Stop);

        lock (spans)
        {
            var span = Assert.Single(spans, s => s.Source.Name == "test of spans");
            Assert.Equal("starkv", span.GetTagItem("gen_ai.provider.name"));
            Assert.Equal("mini", span.GetTagItem("gen_ai.response.model"));
            Assert.Equal(response.Usage!.InputTokenCount, Convert.ToInt64(span.GetTagItem("gen_ai.usage.input_tokens")));
            Assert.Equal(response.Usage.OutputTokenCount, Convert.ToInt64(span.GetTagItem("gen_ai.usage.output_tokens")));
            // The engine's span is below the client's.
            Assert.Contains(spans, s => s.Source.Name == "StarKV" && s.TraceId == span.TraceId && s.ParentSpanId == span.SpanId);
        }
    }

    [Fact]
    public async Task A_distributed_cache_answers_a_second_time_and_tells_methods_apart()
    {
        using var client = Cached(out var asked);
        var first = await client.GetResponseAsync(Talk.Messages(s_text), new ChatOptions().WithKeep("20%"), Stop);
        var again = await client.GetResponseAsync(Talk.Messages(s_text), new ChatOptions().WithKeep("20%"), Stop);
        Assert.Equal((1, first.Text, first.ResponseId), (asked(), again.Text, again.ResponseId));
        Assert.Equal(first.Usage!.InputTokenCount, again.Usage!.InputTokenCount);
        Assert.True(first.TryGetGroundingAnswer(out _));
        Assert.False(again.TryGetGroundingAnswer(out _));
        await client.GetResponseAsync(Talk.Messages(s_text), new ChatOptions().WithKeep("50%"), Stop);
        await client.GetResponseAsync(Talk.Messages(MiniSample.Of("text_1")), new ChatOptions().WithKeep("20%"), Stop);
        Assert.Equal(3, asked());
    }

    [Fact]
    public async Task A_cached_stream_has_the_text_again()
    {
        using var client = Cached(out var asked);
        var first = (await client.GetStreamingResponseAsync(Talk.Messages(s_text), null, Stop).All()).ToChatResponse();
        var again = (await client.GetStreamingResponseAsync(Talk.Messages(s_text), null, Stop).All()).ToChatResponse();
        Assert.Equal((1, first.Text, first.FinishReason), (asked(), again.Text, again.FinishReason));
        Assert.Equal(first.Usage!.OutputTokenCount, again.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Steps_of_conversations_never_come_out_of_a_cache()
    {
        using var client = Cached(out var asked);
        var (message, options) = Talk.Begin();
        var first = await client.GetResponseAsync(message, options, Stop);
        var second = await client.GetResponseAsync(message, options, Stop);
        Assert.NotEqual(first.ConversationId, second.ConversationId);
        options.ConversationId = first.ConversationId;
        for (var step = 2; step < 4; step++)
            Assert.Equal(step, (await client.GetResponseAsync(Talk.User(Talk.Screen(Talk.ThreeSteps, 1)), options, Stop)).Answer().Session!.Step);
        Assert.Equal(4, asked());
    }

    /// <summary>A client behind a cache, and how often it was asked.</summary>
    private IChatClient Cached(out Func<int> asked)
    {
        var count = 0;
        asked = () => count;
        return mini.Client().AsBuilder()
            .UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            .Use(async (messages, options, next, stop) =>
            {
                count++;
                await next(messages, options, stop);
            }).Build();
    }

    /// <summary>A log that is kept in lines.</summary>
    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly List<string> _lines = [];

        public List<string> All
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
