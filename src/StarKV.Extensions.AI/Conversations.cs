namespace StarKV.Extensions.AI;

/// <summary>The conversations that a client keeps: not too many, and none that nobody asks for. Thread-safe.</summary>
/// <param name="most">Most that are open at the same time.</param>
/// <param name="idle">Time without a step after which one is closed.</param>
/// <param name="time">The clock.</param>
internal sealed class Conversations(int most, TimeSpan idle, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Conversation> _open = [];
    private bool _disposed;

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>Takes one in whose first step begins.</summary>
    /// <param name="conversation">The conversation; taken, also where it is refused.</param>
    /// <exception cref="StarKvBusyException">There is no place for it.</exception>
    public void Begin(Conversation conversation)
    {
        lock (_lock)
        {
            if (!_disposed && _open.Count < most)
            {
                conversation.IsBusy = true;
                conversation.Idle = time.CreateTimer(_ => Expire(conversation), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _open.Add(conversation.Id, conversation);
                return;
            }
        }

        conversation.Dispose();
        ObjectDisposedException.ThrowIf(_disposed, typeof(StarKvChatClient));
        throw new StarKvBusyException(
            $"{most} conversations are open, the most that this client keeps (MaxConversations). Close one that is over "
                + $"(CloseConversation), wait until one has not been asked for {idle}, or raise the limit.");
    }

    /// <summary>Finds one for its next step.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="StarKvException">It is not open, or a step of it is under way.</exception>
    public Conversation Enter(string id)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(StarKvChatClient));
            if (!_open.TryGetValue(id, out var conversation))
                throw new StarKvException(
                    $"There is no conversation '{id}': it was closed, was not asked for {idle} (ConversationIdleTime), or is another "
                        + $"client's. Begin one with ConversationId = \"{StarKvChatClient.NewConversation}\", or leave ConversationId out "
                        + $"and send all messages.");
            if (conversation.IsBusy)
                throw new StarKvException($"A step of conversation '{id}' is under way; wait for its answer before the next one.");
            conversation.IsBusy = true;
            conversation.Idle!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return conversation;
        }
    }

    /// <summary>Ends a step.</summary>
    /// <param name="conversation">Its conversation.</param>
    public void Leave(Conversation conversation)
    {
        lock (_lock)
        {
            conversation.IsBusy = false;
            if (_open.ContainsKey(conversation.Id))
                conversation.Idle!.Change(idle, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Closes one, when its step has ended where one is under way.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>False where it was not open.</returns>
    public bool Close(string id)
    {
        Conversation? closed;
        lock (_lock)
        {
            if (!_open.Remove(id, out closed))
                return false;
        }

        closed.Dispose();
        return true;
    }

    /// <summary>Closes all.</summary>
    public void Dispose()
    {
        List<Conversation> closed;
        lock (_lock)
        {
            _disposed = true;
            closed = [.. _open.Values];
            _open.Clear();
        }

        closed.ForEach(c => c.Dispose());
    }

    private void Expire(Conversation conversation)
    {
        lock (_lock)
        {
            // A step may have begun while the clock was about to ring.
            if (conversation.IsBusy || !_open.Remove(conversation.Id))
                return;
        }

        conversation.Dispose();
    }
}
