namespace StarKV.Extensions.AI;

/// <summary>One answer that is asked for: in one piece, or piece by piece. Disposed when it has been given or given up.</summary>
internal abstract class ChatStep : IDisposable
{
    /// <summary>The conversation that the answer belongs to; null where the messages were all.</summary>
    public virtual string? ConversationId => null;

    /// <summary>Gives the answer.</summary>
    /// <param name="cancellation">Ends it at once while it waits, and within one layer or token while it is given.</param>
    public abstract Task<GroundingAnswer> AnswerAsync(CancellationToken cancellation);

    /// <summary>Gives the answer's text piece by piece; <see cref="Streamed"/> is the answer then.</summary>
    /// <param name="cancellation">Ends it at once while it waits, and within one layer or token while it is given.</param>
    public abstract IAsyncEnumerable<string> StreamAsync(CancellationToken cancellation);

    /// <summary>The answer whose last piece was given; null before.</summary>
    public GroundingAnswer? Streamed { get; protected set; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
