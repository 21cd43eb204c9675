using StarKV.Models;
using StarKV.Observe;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Schedule;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV;

/// <summary>What the doors of an agent share: the engine, its thread, the model, its words, and the open sessions.</summary>
/// <remarks>Thread-safe, but for what says that it belongs on the inference thread.</remarks>
internal sealed class AgentEngine : IDisposable
{
    private readonly InferenceThread _thread;
    private readonly ScreenCache _screens;
    private readonly Engine _engine;
    private readonly AnswerFactory _answers;
    private readonly string _name;

    /// <summary>Takes a loaded model.</summary>
    /// <param name="loaded">The model; taken.</param>
    /// <param name="screenCacheBytes">Bytes of screenshots' embeddings to remember.</param>
    /// <param name="options">The engine's bounds.</param>
    public AgentEngine(LoadedModel loaded, long screenCacheBytes, EngineOptions options)
    {
        (_thread, Model, Tokenizer) = (loaded.Thread, loaded.Model, loaded.Tokenizer);
        _answers = new AnswerFactory(Model, Tokenizer, loaded.Generation);
        _screens = new ScreenCache(screenCacheBytes);
        var room = MemoryRoom.Of(Model.Compute, options, screenCacheBytes);
        Sessions = new OpenSessions(_thread, Model, room.HostBytes);
        Fits = new SessionModel(Model.Config.Text, Model.Compute, Model.Pixels.Resize, loaded.Identity);
        _engine = new Engine(_thread, Model, _screens, new MemoryPlan(room.DeviceBytes, Sessions), options, TimeProvider.System);
        _name = loaded.Name;
        EngineTelemetry.Add(_engine, _name);
    }

    /// <summary>What reports call the model.</summary>
    public string Name => _name;

    /// <summary>What the engine does now.</summary>
    public EngineLoad Load => _engine.Load;

    /// <summary>The model; off the inference thread only its configuration is read.</summary>
    public IVisionLanguageModel Model { get; }

    /// <summary>Its tokenizer.</summary>
    public QwenTokenizer Tokenizer { get; }

    /// <summary>What a session's file must fit.</summary>
    public SessionModel Fits { get; }

    /// <summary>The open sessions; on the inference thread.</summary>
    public OpenSessions Sessions { get; }

    /// <summary>Tensors alive on the inference thread.</summary>
    public long LiveTensors => _thread.LiveTensors;

    /// <summary>Those of them that are remembered on purpose; on the inference thread.</summary>
    public long RememberedTensors =>
        _screens.Tensors + Sessions.Tensors + Model.Vision.CachedTensors + MemoryTensors.OfThisThread;

    /// <summary>How a prompt is read, its methods' drafts included.</summary>
    public PrefillOptions Reading(PreparedPrompt prompt) =>
        prompt.Reading with { Drafts = _answers.Drafts(prompt.Request.Options.Generation) };

    /// <summary>Reads a prompt and answers it from each of its caches.</summary>
    /// <param name="reading">How it is read; taken.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="cancellation">Ends the request at once while it waits, and within a piece of its work later.</param>
    public Task<IReadOnlyList<CacheOutcome>> Ask(IPromptReading reading, JobClient client, CancellationToken cancellation)
    {
        var (options, tokens) = (reading.Prompt.Request.Options, reading.Prompt.Prompt.Length);
        var turn = new JobTurn(client, options.Priority, options.TimeLimit) { Tokens = tokens };
        var job = new AnswerJob(
            reading, _answers, Model.Compute, new RequestTelemetry(_name, reading.Prompt), turn, cancellation);
        _engine.Submit(job);
        return job.Task;
    }

    /// <summary>Does work on the inference thread, between pieces of requests.</summary>
    public T Run<T>(Func<T> work, CancellationToken cancellation = default) => _thread.Run(work, cancellation);

    /// <summary>Queues work for the inference thread.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation) => _thread.RunAsync(work, cancellation);

    /// <summary>
    /// Makes a request away from the caller; inside a callback at once, since no other thread could answer.
    /// </summary>
    /// <exception cref="StarKvBusyException">Too many wait already.</exception>
    public async Task<T> Prepare<T>(Func<T> work, CancellationToken cancellation)
    {
        if (_thread.IsCurrent)
            return work();
        _engine.RefuseIfFull();
        return await Task.Run(work, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Finishes the requests that were let in, refuses the others and frees everything; inside a callback it returns at once and does so
    /// when the piece that calls back has ended.
    /// </summary>
    public void Dispose()
    {
        _engine.Close(new ObjectDisposedException(typeof(GuiAgent).FullName));
        _thread.End(() =>
        {
            _engine.Finish();
            EngineTelemetry.Remove(_engine);
            _engine.Dispose();
            Sessions.CloseAll();
            _screens.Dispose();
            Model.Dispose();
        });
    }
}
