using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace StarKV;

/// <summary>The pieces of an answer that are told to a callback, one after the other for whoever waits for them.</summary>
[Experimental("STARKV001")]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a stream of pieces.")]
public static class AnswerStream
{
    /// <summary>Begins an answer when its first piece is asked for; whoever stops asking ends it.</summary>
    /// <param name="answer">Gives the answer: told where its pieces go, and when to stop.</param>
    /// <param name="cancellation">Ends the answer.</param>
    public static async IAsyncEnumerable<string> Of(
        Func<Action<string>, CancellationToken, Task> answer, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answered = Answered();
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return piece;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await answered.ConfigureAwait(false);
        }

        async Task Answered()
        {
            try
            {
                await answer(piece => pieces.Writer.TryWrite(piece), stop.Token).ConfigureAwait(false);
                pieces.Writer.Complete();
            }
            catch (Exception e)
            {
                pieces.Writer.Complete(e);
            }
        }
    }
}
