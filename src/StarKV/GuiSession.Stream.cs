using System.Runtime.CompilerServices;
using StarKV.Input;
using StarKV.Sessions;

namespace StarKV;

/// <content>Steps whose answers come piece by piece, and may be left in the middle.</content>
public sealed partial class GuiSession
{
    /// <summary>Shows further screenshots, oldest first, and streams the text of the answer piece by piece.</summary>
    /// <remarks>
    /// The step begins when the first piece is asked for. It is finished when the stream has ended, and <see cref="LastAnswer"/> is its
    /// answer then. Whoever stops asking before, or cancels, leaves the session as it was, also where the model had written everything.
    /// Until either, the step is under way.
    /// </remarks>
    /// <param name="screens">The screenshots; none where the step is words alone.</param>
    /// <param name="text">Further words of the user at this step; null (default) for none.</param>
    /// <param name="cancellation">
    /// Ends the step at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    /// <inheritdoc cref="Step(IReadOnlyList{Screenshot}, string?, CancellationToken)" path="/exception"/>
    public IAsyncEnumerable<string> StreamAsync(
        IReadOnlyList<Screenshot> screens, string? text = null, CancellationToken cancellation = default) =>
        Pieces(Asked(screens, text, null), cancellation);

    private async IAsyncEnumerable<string> Pieces(NewTurn step, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ThrowIfDisposed();
        Claim();
        (KvSession Before, Stepped Step)? done = null;
        try
        {
            await foreach (var piece in AnswerStream.Of(Answered, cancellation).ConfigureAwait(false))
                yield return piece;
            var (before, stepped) = done!.Value;
            Take(stepped);
            _engine.CloseLater(before);
            done = null;
        }
        finally
        {
            if (done is { } left)
                GoBackTo(left.Before);
            End();
        }

        async Task Answered(Action<string> onText, CancellationToken stop)
        {
            var prepared = await _engine.Prepare(() => Prepare(step with { OnText = onText }, stop), stop).ConfigureAwait(false);
            done = await _engine.RunAsync(() => AnswerBesideEarlierRows(prepared, stop), stop).ConfigureAwait(false);
        }
    }

    /// <summary>Does a step and keeps, in a fork, what the session was before; on the inference thread.</summary>
    private (KvSession Before, Stepped Step) AnswerBesideEarlierRows(Prepared prepared, CancellationToken cancellation)
    {
        ThrowIfDisposed();
        var before = _engine.Open(_kv.Fork());
        try
        {
            return (before, Answer(_kv, prepared, cancellation));
        }
        catch
        {
            _engine.Free(before);
            throw;
        }
    }

    private void GoBackTo(KvSession before)
    {
        _engine.CloseLater(Interlocked.Exchange(ref _kv, before));
        // Whoever disposed the session meanwhile has closed one of the two, and it may have been the other one.
        if (_disposed == 1)
            _engine.CloseLater(before);
    }
}
