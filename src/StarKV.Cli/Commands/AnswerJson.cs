using StarKV.Account;
using StarKV.Budget;
using StarKV.Runtime;
using StarKV.Score;

namespace StarKV.Cli.Commands;

/// <summary>An answer as <c>--json</c> shows it.</summary>
internal static class AnswerJson
{
    public static object Of(GroundingOptions options, GroundingAnswer answer, Compute compute) =>
        Of(options.Method, options.Budget, answer, compute, null);

    /// <summary>The last answer of a session, what its step did and what the session holds.</summary>
    public static object Of(GuiSession session, GroundingAnswer answer, Compute compute)
    {
        var (step, held) = (answer.Session!, session.Kv);
        return Of(session.Options.Method, session.Options.Budget, answer, compute, new
        {
            step.Step,
            step.TokensRead,
            step.Tokens,
            Storage = Names.Of(step.Storage),
            step.FramesDropped,
            held.DeviceBytes,
            held.HostBytes,
            step.Notes,
        });
    }

    public static object Kv(KvReport kv) =>
        new { kv.PromptTokens, kv.KeptTokens, kv.RowsPerLayer, kv.Bytes, kv.FullBytes, kv.AllocatedBytes };

    /// <summary>The draft that the method looked at, and what it took; null for none.</summary>
    public static object? Draft(GroundingAnswer answer) => answer.Draft is not { } draft ? null : new
    {
        Tokens = draft.Tokens.Count,
        Milliseconds = answer.Times.Draft.TotalMilliseconds,
        draft.HeldBytes,
    };

    private static object Of(ICompressionMethod method, KvBudget budget, GroundingAnswer answer, Compute compute, object? session) => new
    {
        Answer = answer.Text,
        Action = answer.Action is not { } action ? null : new
        {
            action.Name,
            action.Text,
            action.Keys,
            action.Direction,
            Point = answer.Point is { } p ? new[] { p.X, p.Y } : null,
            Relative = action.Point is { } r ? new[] { r.X, r.Y } : null,
            EndPoint = action.EndPoint is { } e && answer.Coordinates.ToScreenPixel(e) is var end ? new[] { end.X, end.Y } : null,
            action.IsOutsideScreen,
        },
        Actions = answer.Parsed.Actions.Select(a => a.ToString(answer.Coordinates)),
        answer.Parsed.Thought,
        Diagnostics = answer.Parsed.Diagnostics.Select(d => new { d.Code, Severity = Names.Of(d.Severity), d.Message }),
        Finish = Names.Of(answer.Finish),
        AnswerTokens = answer.Tokens.Count,
        Method = method.Name,
        Keep = budget.ToString(),
        Kv = Kv(answer.Kv),
        Draft = Draft(answer),
        Milliseconds = new
        {
            Preprocess = answer.Times.Preprocess.TotalMilliseconds,
            Vision = answer.Times.Vision.TotalMilliseconds,
            Prefill = answer.Times.Prefill.TotalMilliseconds,
            Selection = answer.Times.Selection.TotalMilliseconds,
            Decode = answer.Times.Decode.TotalMilliseconds,
        },
        Device = compute.Device.ToString(),
        DType = Names.Of(compute.DType),
        Session = session,
    };
}
