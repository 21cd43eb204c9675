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
        _step.Begin();
        (KvSession? before, IReadOnlyList<SessionTurn> turns, StepTaken? taken) = (null, [], null);
        try
        {
            await foreach (var piece in AnswerStream.Of(Answered, cancellation).ConfigureAwait(false))
                yield return piece;
            Take(turns, taken!);
            _engine.Sessions.CloseLater(before!);
            before = null;
        }
        finally
        {
            if (before is not null)
                GoBackTo(before);
            _step.End();
        }

        async Task Answered(Action<string> onText, CancellationToken stop)
        {
            var prepared = await _engine.Prepare(() => Prepare(step with { OnText = onText }, stop), stop).ConfigureAwait(false);
            turns = prepared.Turns;
            await Answer(prepared, answered => taken = answered, held => before = held, stop).ConfigureAwait(false);
        }
    }

    private void GoBackTo(KvSession before)
    {
        _engine.Sessions.CloseLater(Interlocked.Exchange(ref _kv, before));
        // Whoever disposed the session meanwhile has closed one of the two, and it may have been the other one.
        if (_disposed == 1)
            _engine.Sessions.CloseLater(before);
    }
}
