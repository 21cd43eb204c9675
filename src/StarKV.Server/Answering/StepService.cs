using StarKV.Budget;
using StarKV.Score;
using StarKV.Server.Errors;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Text;

namespace StarKV.Server.Answering;

/// <summary>Answers steps: finds the session, has the engine read what is new, and remembers the answer.</summary>
/// <remarks>Thread-safe. Steps of one session follow one another; the engine works on those of several at the same time.</remarks>
/// <param name="agent">The model.</param>
/// <param name="options">How sessions are compressed and stored.</param>
/// <param name="table">The sessions.</param>
/// <param name="journal">Remembers steps for the page.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock of deadlines.</param>
internal sealed class StepService(
    GuiAgent agent, SessionOptions options, SessionTable table, StepJournal journal, ServerMetrics metrics, TimeProvider time)
{
    private readonly StepsUnderWay _underWay = new();

    /// <summary>Answers a step.</summary>
    /// <param name="request">The step.</param>
    /// <param name="cancellation">The client left, or the server ends.</param>
    /// <exception cref="ApiException">It cannot be answered; its session is as it was before.</exception>
    public async Task<StepResult> AnswerAsync(StepRequest request, CancellationToken cancellation)
    {
        try
        {
            var result = await InTime(request, cancellation).ConfigureAwait(false);
            metrics.Answered(result);
            return result;
        }
        catch (Exception e)
        {
            metrics.Ended(e switch
            {
                OperationCanceledException => "left",
                ApiException { Status: >= 500 } => "failed",
                _ => "refused",
            });
            throw;
        }
    }

    /// <summary>Time that making one token takes, all else waiting behind it.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<TimeSpan> OneTokenAsync(CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        using var rows = agent.OpenConversation(options with { Method = new Full(), Budget = KvBudget.All });
        var step = new ConversationStep([new ConversationMessage(ChatRole.User, [ConversationPart.Of("Hello")])])
        {
            Generation = new() { MaxNewTokens = 1 },
            Priority = int.MaxValue,
        };
        await rows.AnswerAsync(step, cancellation).ConfigureAwait(false);
        return time.GetElapsedTime(begun);
    }

    private async Task<StepResult> InTime(StepRequest request, CancellationToken cancellation)
    {
        // What cannot be is refused before a session is looked for.
        var settings = With(request.Query.Settings);
        using var deadline = new CancellationTokenSource(request.TimeLimit ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return request.IsNamed
                ? await _underWay.AnswerAsync(request, (r, stop) => Work(r, settings, stop), either.Token).ConfigureAwait(false)
                : await Work(request, settings, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw ApiException.Busy(
                "wait_too_long",
                $"The request was not answered within the {request.TimeLimit!.Value.TotalSeconds:0} s that it may take "
                    + "(X-Stainless-Timeout, or the server's request timeout); try again, or give it more time.", 5);
        }
        catch (Exception e) when (e is not OperationCanceledException and not ApiException)
        {
            throw EngineErrors.Of(e);
        }
    }

    private async Task<StepResult> Work(StepRequest request, SessionOptions settings, CancellationToken cancellation)
    {
        var (begun, came) = (time.GetTimestamp(), time.GetUtcNow());
        using var claim = await table.ClaimAsync(request.Query, cancellation).ConfigureAwait(false);
        try
        {
            var left = request.TimeLimit - time.GetElapsedTime(begun);
            var result = Again(request, claim.Session, came)
                ?? await Answer(request, claim, settings, left > TimeSpan.Zero ? left : null, cancellation).ConfigureAwait(false);
            journal.Answered(request, result);
            return result;
        }
        catch (Exception e)
        {
            journal.Failed(request, claim.Session, e);
            throw;
        }
    }

    /// <summary>The last answer, for a client that names its session and did not get it; null where it is not the answer.</summary>
    private StepResult? Again(StepRequest request, KeptSession session, DateTimeOffset came)
    {
        if (session.Name is null || session.Last is not { } last
            || !last.Answers(request.Query.Turns, request.Generation, came, time.GetUtcNow()))
        {
            return null;
        }

        request.OnBegun?.Invoke(new StepBegun(session, Outcome.Replay) { ResponseId = request.ResponseId });
        request.OnText?.Invoke(last.Answer.Text);
        return new StepResult(session, Outcome.Replay, last.Answer) { ResponseId = request.ResponseId };
    }

    private async Task<StepResult> Answer(
        StepRequest request, SessionClaim claim, SessionOptions settings, TimeSpan? left, CancellationToken cancellation)
    {
        var (session, comparison) = (claim.Session, claim.Comparison);
        // A session without turns may have been read for somebody who left.
        if (comparison.Outcome == Outcome.New && session.Turns.Count > 0 && session.Reset(request.Query.Settings) is { } old)
            await Task.Run(old.Dispose, CancellationToken.None).ConfigureAwait(false);
        var rows = session.RowsBy(() => agent.OpenConversation(settings));
        // What the engine has read may hold screenshots that the conversation has lost meanwhile.
        var read = TurnComparison.Of(session.ReadTurns, comparison.Turns);
        var step = new ConversationStep(read.Turns)
        {
            MessagesLeft = read.Dropped,
            FramesLeft = read.FramesLeft,
            Generation = request.Generation,
            TimeLimit = left,
            OnRead = report => request.OnBegun?.Invoke(
                new StepBegun(session, StepBegun.OutcomeOf(comparison.Outcome, report)) { ResponseId = request.ResponseId }),
            OnText = request.OnText,
            HoldsWhatWasRead = true,
        };
        GroundingAnswer answer;
        try
        {
            answer = await rows.AnswerAsync(step, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            session.Leave(request.Query.Turns, time.GetUtcNow());
            throw;
        }

        var outcome = StepBegun.OutcomeOf(comparison.Outcome, answer.Session!);
        session.Take([.. read.Turns, new ConversationMessage(ChatRole.Assistant, [ConversationPart.Of(answer.Text)])], outcome);
        session.LastResponse = request.ResponseId;
        session.Last = new LastStep(request.Query.Turns, request.Generation, answer, time.GetUtcNow());
        return new StepResult(session, outcome, answer) { ResponseId = request.ResponseId };
    }

    private SessionOptions With(SessionSettings settings)
    {
        try
        {
            return options with
            {
                Method = settings.Method is { } method ? Methods.Create(method) : options.Method,
                Budget = settings.Keep is { } keep ? KvBudget.Parse(keep) : options.Budget,
            };
        }
        catch (StarKvException e)
        {
            throw ApiException.Invalid("invalid_value", e.Message, "starkv");
        }
    }
}
