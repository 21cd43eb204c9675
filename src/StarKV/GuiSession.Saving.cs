using StarKV.Sessions;

namespace StarKV;

/// <content>Sessions that wait: in a file, or in the host's memory.</content>
public sealed partial class GuiSession
{
    /// <summary>Goes on with a session that was saved.</summary>
    internal static GuiSession Restore(AgentEngine engine, string path, RestoreOptions options, CancellationToken cancellation) =>
        engine.Run(() =>
        {
            var saved = SavedSession.Read(path, engine.Fits, options, cancellation);
            return new GuiSession(engine, saved.Instruction, saved.Style, saved.Options, engine.Sessions.Open(saved), saved.Turns)
            {
                _leaving = [.. saved.Leaving],
                _restored = saved.Turns.Count,
            };
        }, cancellation);

    /// <summary>
    /// Writes the session into one file, from which <see cref="GuiAgent.RestoreSession"/> goes on: its rows, what its method remembers, its
    /// texts and options. No pixels: a restored session cannot read earlier screenshots again.
    /// </summary>
    /// <remarks>
    /// The file is complete or absent. No row is held twice on the way. Other answers of the agent wait meanwhile. The file holds the
    /// conversation in plain text.
    /// </remarks>
    /// <param name="path">The file, which is replaced if there is one.</param>
    /// <param name="cancellation">Ends the writing within some megabytes; nothing is left of it.</param>
    /// <exception cref="StarKvException">
    /// The file cannot be written, the method remembers what cannot be saved, or a step is under way.
    /// </exception>
    public void Save(string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        Alone(() => _engine.Run(() => Write(path, cancellation), cancellation));
    }

    /// <summary>Writes the session into one file without blocking the caller.</summary>
    /// <inheritdoc cref="Save"/>
    public Task SaveAsync(string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ThrowIfDisposed();
        return Later();

        async Task Later()
        {
            _step.Begin();
            try
            {
                await _engine.RunAsync(() => Write(path, cancellation), cancellation).ConfigureAwait(false);
            }
            finally
            {
                _step.End();
            }
        }
    }

    /// <summary>
    /// Moves what the session holds on the device to the host's memory, pinned for a card; the next step brings it back, and nothing else
    /// changes. With <see cref="KvStorage.Lossless"/> nothing is there between steps anyway. Forks keep what they share with this session.
    /// </summary>
    /// <exception cref="StarKvException">A step is under way.</exception>
    public void Offload() => Alone(() => _engine.Run(() =>
    {
        _kv.Offload();
        return true;
    }));

    private bool Write(string path, CancellationToken cancellation)
    {
        ThrowIfDisposed();
        cancellation.ThrowIfCancellationRequested();
        new SavedSession(_options, _style, _instruction, _turns, _leaving, _kv.Rows, _kv.Memory).Write(path, _engine.Fits, cancellation);
        return true;
    }
}
