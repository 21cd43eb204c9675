using StarKV.Cache;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV;

/// <summary>What an agent lends to its sessions: its thread, model, tokenizer and screenshots; and the list of the open ones.</summary>
/// <param name="thread">The inference thread.</param>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="answerer">Writes answers.</param>
/// <param name="screens">Screenshots encoded before.</param>
/// <param name="identity">What tells the model from others.</param>
internal sealed class SessionEngine(
    InferenceThread thread, IVisionLanguageModel model, QwenTokenizer tokenizer, PromptAnswerer answerer, ScreenCache screens,
    string identity)
{
    // Used on the inference thread alone.
    private readonly HashSet<KvSession> _open = [];

    /// <summary>The model; on other threads only its configuration is read.</summary>
    public IVisionLanguageModel Model => model;

    /// <summary>What a session's file must fit.</summary>
    public SessionModel Fits { get; } = new(model.Config.Text, model.Compute, model.Pixels.Resize, identity);

    /// <summary>Its tokenizer.</summary>
    public QwenTokenizer Tokenizer => tokenizer;

    /// <summary>Writes answers; on the inference thread.</summary>
    public PromptAnswerer Answerer => answerer;

    /// <summary>Tensors that the open sessions hold on purpose; on the inference thread.</summary>
    public long Tensors => _open.Select(s => s.Rows?.Cache).OfType<KvCache>().Distinct().Sum(c => c.Tensors)
        + _open.SelectMany(s => s.Rows?.Store?.Blocks ?? []).Distinct().Count() * 2;

    /// <summary>Opens an empty session.</summary>
    public KvSession Open(KvStorage storage, long hostBytes) => Run(() => Open(new KvSession(model, storage, hostBytes)));

    /// <summary>Takes in a session that was saved; on the inference thread.</summary>
    public KvSession Open(SavedSession saved) =>
        Open(new KvSession(model, saved.Options.Storage, saved.Options.HostBytes, saved.Rows, saved.Memory));

    /// <summary>Takes in a session; on the inference thread.</summary>
    public KvSession Open(KvSession session)
    {
        _open.Add(session);
        return session;
    }

    /// <summary>Frees a session after the work that is under way; nothing where the agent was disposed, and the session with it.</summary>
    public void Close(KvSession session)
    {
        try
        {
            thread.Run(() => Free(session));
        }
        catch (ObjectDisposedException)
        {
            // The agent has freed it.
        }
    }

    /// <summary>Frees a session after the work that is under way, which nobody waits for.</summary>
    public void CloseLater(KvSession session)
    {
        try
        {
            _ = thread.RunAsync(() =>
            {
                Free(session);
                return true;
            });
        }
        catch (ObjectDisposedException)
        {
            // The agent has freed it.
        }
    }

    /// <summary>Frees a session, once; on the inference thread.</summary>
    public void Free(KvSession session)
    {
        if (_open.Remove(session))
            session.Dispose();
    }

    /// <summary>Frees all sessions; on the inference thread.</summary>
    public void CloseAll()
    {
        foreach (var session in _open.ToList())
            Free(session);
    }

    /// <summary>What the vision tower gives for screenshots; it belongs to the open dispose scope. On the inference thread.</summary>
    public IReadOnlyList<ScreenFeatures> Encode(IReadOnlyList<ModelImage> images, CancellationToken cancellation) =>
        new ScreenEncoder(model.Vision, screens).Encode(images, cancellation);

    /// <summary>Does work on the inference thread.</summary>
    public T Run<T>(Func<T> work, CancellationToken cancellation = default) => thread.Run(work, cancellation);

    /// <summary>Queues work for the inference thread.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation) => thread.RunAsync(work, cancellation);

    /// <summary>Does work away from the caller; inside a callback at once, since no other thread could answer.</summary>
    public async Task<T> Prepare<T>(Func<T> work, CancellationToken cancellation) =>
        thread.IsCurrent ? work() : await Task.Run(work, cancellation).ConfigureAwait(false);
}
