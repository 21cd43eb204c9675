using System.Threading.Channels;

namespace StarKV.Server.Answering;

/// <summary>A step whose answer is taken piece by piece while it is written.</summary>
/// <param name="steps">Answers steps.</param>
/// <param name="time">The clock of silences.</param>
internal sealed class StreamedStep(StepService steps, TimeProvider time)
{
    /// <summary>Silence before the first sign of life, and between later ones.</summary>
    private static readonly TimeSpan s_firstSilence = TimeSpan.FromSeconds(10), s_silence = TimeSpan.FromSeconds(15);

    /// <summary>Answers a step.</summary>
    /// <param name="request">The step.</param>
    /// <param name="piece">Takes each piece of the text.</param>
    /// <param name="silence">Called when nothing was written for a while.</param>
    /// <param name="cancellation">The client left, or the server ends.</param>
    public async Task<StepResult> AnswerAsync(
        StepRequest request, Func<string, Task> piece, Func<Task> silence, CancellationToken cancellation)
    {
        // The inference thread waits for no client.
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answer = Answer(request with { OnText = text => pieces.Writer.TryWrite(text) }, pieces.Writer, stop.Token);
        try
        {
            await Relay(pieces.Reader, piece, silence).ConfigureAwait(false);
        }
        catch
        {
            // Whoever cannot write to the client any more does not let the model go on.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await answer.ConfigureAwait(false);
    }

    private async Task<StepResult> Answer(StepRequest request, ChannelWriter<string> pieces, CancellationToken cancellation)
    {
        try
        {
            return await steps.AnswerAsync(request, cancellation).ConfigureAwait(false);
        }
        finally
        {
            pieces.Complete();
        }
    }

    private async Task Relay(ChannelReader<string> pieces, Func<string, Task> piece, Func<Task> silence)
    {
        var patience = s_firstSilence;
        while (true)
        {
            var more = pieces.WaitToReadAsync().AsTask();
            while (!await Came(more, patience).ConfigureAwait(false))
            {
                await silence().ConfigureAwait(false);
                patience = s_silence;
            }

            if (!await more.ConfigureAwait(false))
                return;
            while (pieces.TryRead(out var text))
                await piece(text).ConfigureAwait(false);
            patience = s_silence;
        }
    }

    private async Task<bool> Came(Task<bool> more, TimeSpan patience)
    {
        try
        {
            await more.WaitAsync(patience, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
