using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using StarKV.Reports.Live;
using StarKV.Schedule;
using StarKV.Server.Answering;
using StarKV.Server.Http;
using StarKV.Server.OpenApi;
using StarKV.Server.Reading;
using StarKV.Server.Responses;
using StarKV.Server.Sessions;

namespace StarKV.Server;

/// <summary>An OpenAI-compatible server whose conversations are KV sessions: what a request has in common with the last one is not read
/// again.</summary>
/// <remarks>
/// Made by <see cref="StartAsync"/>; it listens until it is disposed. It answers as many requests at a time as the agent does, which stays
/// the caller's. Thread-safe. docs/server.md has the routes.
/// </remarks>
public sealed class StarKvServer : IAsyncDisposable
{
    /// <summary>Time to tell what still runs that it has failed.</summary>
    private static readonly TimeSpan s_toEnd = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ServerOptions _options;
    private readonly SessionTable _table;
    private readonly ServerLife _life = new();
    private readonly HealthEndpoints _health;
    private readonly ServerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private int _disposed;

    private StarKvServer(GuiAgent agent, ServerOptions options, EngineOptions engine, TimeProvider time)
    {
        (_options, _time, _table) = (options, time, new SessionTable(options.Sessions, time));
        _metrics = new ServerMetrics(_table, () => _life.IsDraining);
        var steps = new StepService(agent, options.Session, _table, new StepJournal(options.PageSteps, time), _metrics, time);
        _health = new HealthEndpoints(agent, engine.MaxWaiting, steps, _life, time);
        var messages = new MessageReader(new ScreenReader(options.Limits), options.Limits);
        var errors = new ErrorGate(options.Log, _metrics, time);
        var models = new ModelEndpoint(options.Model, options.AnyModel, time.GetUtcNow());
        var (reader, deadline) = (new RequestReader(messages, options.Limits), new RequestDeadline(options.RequestTimeout));
        var chat = new ChatEndpoint(reader, models, deadline, steps, errors, time);
        var store = new ResponseStore(options.Sessions, time);
        var responses = new ResponsesEndpoint(reader, models, deadline, steps, store, errors, time);
        var gates = new RequestGates(new ApiKeys(options.ApiKeys), _life, LocalOnly.IsLocal(options.Host));
        _app = Built(options, _metrics);
        _app.Use((context, next) => errors.Through(context, next));
        _app.Use((context, next) => gates.Through(context, next));
        _app.UseRouting();
        ApiRoutes.MapModels(_app, models);
        ApiRoutes.MapAnswers(_app, gates, chat, responses);
        ApiRoutes.MapSessions(_app, new SessionsEndpoint(_table));
        ApiRoutes.MapHealth(_app, _health);
        if (options.PageSteps > 0)
        {
            var document = LivePage.ToHtml(options.Model, $"{agent.Compute.Device}", options.ApiKeys.Count > 0);
            ApiRoutes.MapPage(_app, new PageEndpoint(_table, document, options.Session, _life, time));
        }

        ApiDocument.Map(_app);
        var often = TimeSpan.FromTicks(Math.Min(options.Sessions.Idle.Ticks / 10, LeftStep.KeptFor.Ticks / 4));
        _sweep = time.CreateTimer(_ => _table.SweepNow(), null, often, often);
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8080</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Requests that are answered now.</summary>
    public int Running => _life.Running;

    /// <summary>Starts a server.</summary>
    /// <param name="agent">The model; the caller disposes it after the server.</param>
    /// <param name="options">Where it listens, who may ask, and its limits; default this machine's own address, port 8080.</param>
    /// <param name="engine">The options that the agent was loaded with; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellation">Ends the starting.</param>
    /// <returns>The server, which listens.</returns>
    /// <exception cref="StarKvException">An option is out of its bounds, or the address cannot be listened on.</exception>
    public static async Task<StarKvServer> StartAsync(
        GuiAgent agent, ServerOptions? options = null, EngineOptions? engine = null, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(agent);
        options = (options ?? new ServerOptions()).Checked();
        var server = new StarKvServer(agent, options, engine ?? new EngineOptions(), time ?? TimeProvider.System);
        try
        {
            await server._app.StartAsync(cancellation).ConfigureAwait(false);
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw e is IOException
                ? new StarKvException(
                    $"{options.Host}:{options.Port} cannot be listened on: {e.Message} Choose another port, or 0 for any.", e)
                : e;
        }
    }

    /// <summary>
    /// Ends the server in good order: new work is refused for <see cref="ServerOptions.DrainNotice"/>, then nothing is listened to any
    /// more, and what runs has <see cref="ServerOptions.DrainTimeout"/> to finish. What is left then ends as failed.
    /// </summary>
    /// <param name="cancellation">Ends what runs at once.</param>
    /// <returns>Whether everything finished in time.</returns>
    public async Task<bool> DrainAsync(CancellationToken cancellation = default)
    {
        var idle = _life.Drain();
        await Task.Delay(_options.DrainNotice, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Nothing is listened to from here on, and what runs goes on.
        using var hard = new CancellationTokenSource(_options.DrainTimeout + s_toEnd, _time);
        var stopping = _app.StopAsync(hard.Token);
        try
        {
            await idle.WaitAsync(_options.DrainTimeout, _time, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What runs is told so.
        }

        var finished = idle.IsCompleted;
        _life.EndAll();
        await stopping.ConfigureAwait(false);
        return finished;
    }

    /// <summary>Stops listening, ends what runs, and forgets all sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _ = _life.Drain();
        _life.EndAll();
        await _app.DisposeAsync().ConfigureAwait(false);
        await _sweep.DisposeAsync().ConfigureAwait(false);
        _table.Dispose();
        _health.Dispose();
        _metrics.Dispose();
        _life.Dispose();
    }

    /// <summary>An application that reads no files and no environment, writes nothing and minds no signals.</summary>
    private static WebApplication Built(ServerOptions options, ServerMetrics own)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        ApiDocument.AddTo(builder.Services);
        builder.Services.AddOpenTelemetry().WithMetrics(
            metrics => metrics.AddMeter(EngineTelemetry.MeterName, ServerMetrics.MeterName)
                .AddView(instrument => own.IsOfAnother(instrument) ? MetricStreamConfiguration.Drop : null).AddPrometheusExporter());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + 2 * s_toEnd);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            HeaderLimits.LeaveRoom(kestrel.Limits);
            kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.Connections;
            if (options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && options.Port != 0)
                kestrel.ListenLocalhost(options.Port);
            else
                kestrel.Listen(ListenAddress.Of(options.Host), options.Port);
        });
        return builder.Build();
    }

    /// <summary>Signals are the host program's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
