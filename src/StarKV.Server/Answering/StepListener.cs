namespace StarKV.Server.Answering;

/// <summary>One of those who asked for a step, and what it is still to be told: one thing at a time, while nothing is locked.</summary>
/// <remarks>Thread-safe. Whoever calls <see cref="Tell"/> first tells what others add meanwhile, too.</remarks>
/// <param name="request">Its request.</param>
internal sealed class StepListener(StepRequest request)
{
    private readonly Queue<Action> _untold = new();
    private readonly Lock _gate = new();
    private bool _isTelling, _hasLeft;

    /// <summary>Its request.</summary>
    public StepRequest Request => request;

    /// <summary>It is to be told that the conversation has been read; <see cref="Tell"/> follows.</summary>
    public void Begun(StepBegun begun) => Add(() => request.OnBegun?.Invoke(begun));

    /// <summary>It is to be told what was written; <see cref="Tell"/> follows.</summary>
    public void Wrote(string text) => Add(() => request.OnText?.Invoke(text));

    /// <summary>It is told nothing more, but for what it is being told.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _hasLeft = true;
            _untold.Clear();
        }
    }

    /// <summary>Tells what is untold, unless somebody is doing so.</summary>
    public void Tell()
    {
        lock (_gate)
        {
            if (_isTelling)
                return;
            _isTelling = true;
        }

        try
        {
            while (Next() is { } told)
                told();
        }
        catch
        {
            lock (_gate)
                _isTelling = false;
            throw;
        }
    }

    private void Add(Action told)
    {
        lock (_gate)
        {
            if (!_hasLeft)
                _untold.Enqueue(told);
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            if (_untold.TryDequeue(out var told))
                return told;
            _isTelling = false;
            return null;
        }
    }
}
