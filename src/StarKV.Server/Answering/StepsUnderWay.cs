using StarKV.Server.Turns;

namespace StarKV.Server.Answering;

/// <summary>The steps that are worked on, so that a request which asks for one of them again gets it too. Thread-safe.</summary>
internal sealed class StepsUnderWay
{
    private readonly List<SharedStep> _steps = [];
    private readonly Lock _gate = new();

    /// <summary>Has a step answered, or takes part in an equal one.</summary>
    /// <param name="request">The step.</param>
    /// <param name="work">Answers it.</param>
    /// <param name="cancellation">The client left, the time is over, or the server ends.</param>
    public async Task<StepResult> AnswerAsync(
        StepRequest request, Func<StepRequest, CancellationToken, Task<StepResult>> work, CancellationToken cancellation)
    {
        var (step, joined) = JoinOrBegin(request, work);
        try
        {
            joined?.Tell();
            var result = await step.Work.WaitAsync(cancellation).ConfigureAwait(false);
            return joined is null ? result : result with { Outcome = Outcome.Replay };
        }
        catch (Exception) when (!step.Work.IsCompleted)
        {
            await step.LeaveAsync(request).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The step that a request takes part in, which it is still to be told of; else one of its own.</summary>
    private (SharedStep Step, StepListener? Joined) JoinOrBegin(
        StepRequest request, Func<StepRequest, CancellationToken, Task<StepResult>> work)
    {
        lock (_gate)
        {
            foreach (var other in _steps)
            {
                if (other.Join(request) is { } joined)
                    return (other, joined);
            }

            var step = new SharedStep(request);
            _steps.Add(step);
            step.Begin((asked, stop) => Task.Run(() => Tracked(step, asked, work, stop), CancellationToken.None));
            return (step, null);
        }
    }

    private async Task<StepResult> Tracked(
        SharedStep step, StepRequest request, Func<StepRequest, CancellationToken, Task<StepResult>> work, CancellationToken stop)
    {
        try
        {
            return await work(request, stop).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _steps.Remove(step);
            step.Dispose();
        }
    }
}
