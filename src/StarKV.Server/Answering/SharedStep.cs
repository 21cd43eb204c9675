using System.Text;
using StarKV.Server.Turns;

namespace StarKV.Server.Answering;

/// <summary>
/// A step that is worked on for every request that asks for it: who comes later gets what was written so far, and the work ends when the
/// last of their clients has left.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="request">The request that began it.</param>
internal sealed class SharedStep(StepRequest request) : IDisposable
{
    private readonly List<StepListener> _asked = [new(request)];
    private readonly StringBuilder _written = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private StepBegun? _begun;
    private Task<StepResult>? _work;
    private bool _isGivenUp, _isOver;

    /// <summary>Ends when the step is answered, or has failed.</summary>
    public Task<StepResult> Work => _work!;

    /// <summary>Begins the work; called once, by whoever made the step.</summary>
    /// <param name="work">Does it.</param>
    public void Begin(Func<StepRequest, CancellationToken, Task<StepResult>> work) => _work = work(
        // How long the work may take is for each of the requests to say.
        request with { TimeLimit = null, OnBegun = Begun, OnText = Wrote }, _stop.Token);

    /// <summary>
    /// Takes a further request in, which is to be told what was written so far; null where it asks for something else, or the work is being
    /// given up.
    /// </summary>
    public StepListener? Join(StepRequest other)
    {
        if (!request.IsLike(other))
            return null;
        lock (_gate)
        {
            if (_isGivenUp)
                return null;
            var joined = new StepListener(other);
            if (_begun is { } begun)
                joined.Begun(begun with { Outcome = Outcome.Replay });
            if (_written.Length > 0)
                joined.Wrote(_written.ToString());
            _asked.Add(joined);
            return joined;
        }
    }

    /// <summary>A client has left. The task ends at once where others stay, else when the session is as it was.</summary>
    public async Task LeaveAsync(StepRequest gone)
    {
        lock (_gate)
        {
            foreach (var left in _asked.FindAll(a => ReferenceEquals(a.Request, gone)))
            {
                left.Leave();
                _asked.Remove(left);
            }

            if (_asked.Count > 0 || _isOver)
                return;
            _isGivenUp = true;
        }

        // The work may end meanwhile, and nothing is locked while those run who are told.
        try
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        await ((Task)Work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The work has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
            _isOver = true;
        _stop.Dispose();
    }

    private void Begun(StepBegun begun)
    {
        lock (_gate)
        {
            _begun = begun;
            foreach (var asked in _asked)
                asked.Begun(ReferenceEquals(asked.Request, request) ? begun : begun with { Outcome = Outcome.Replay });
        }

        Tell();
    }

    private void Wrote(string text)
    {
        lock (_gate)
        {
            _written.Append(text);
            _asked.ForEach(a => a.Wrote(text));
        }

        Tell();
    }

    /// <summary>Nothing is locked while somebody is told: it may ask or leave meanwhile.</summary>
    private void Tell()
    {
        List<StepListener> asked;
        lock (_gate)
            asked = [.. _asked];
        asked.ForEach(a => a.Tell());
    }
}
