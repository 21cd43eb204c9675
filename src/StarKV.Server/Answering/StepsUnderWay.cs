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
        var (step, isOwn) = JoinOrBegin(request, work);
        try
        {
            var result = await step.Work.WaitAsync(cancellation).ConfigureAwait(false);
            return isOwn ? result : result with { Outcome = Outcome.Replay };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await step.LeaveAsync(request).ConfigureAwait(false);
            throw;
        }
    }

    private (SharedStep Step, bool IsOwn) JoinOrBegin(
        StepRequest request, Func<StepRequest, CancellationToken, Task<StepResult>> work)
    {
        lock (_gate)
        {
            if (_steps.FirstOrDefault(s => s.Join(request)) is { } joined)
                return (joined, false);
            var step = new SharedStep(request);
            _steps.Add(step);
            step.Begin((asked, stop) => Task.Run(() => Tracked(step, asked, work, stop), CancellationToken.None));
            return (step, true);
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
