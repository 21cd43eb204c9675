using StarKV.Decode;
using StarKV.Reports.Markup;
using StarKV.Reports.Overlays;
using static System.FormattableString;

namespace StarKV.Reports.Live;

/// <summary>What a request's step cost and holds, as names and values, in one order everywhere.</summary>
internal static class StepFacts
{
    /// <summary>The facts of a step that was answered.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(LiveStep step)
    {
        var answer = step.Answer!;
        var (kv, times) = (answer.Kv, answer.Times);
        var read = answer.Session is { } session ? Invariant($"{session.TokensRead:N0} of {session.Tokens:N0} tokens") : "";
        var end = answer.Finish == FinishReason.Length ? ", cut at its longest" : "";
        return
        [
            ("read", read),
            ("rows per layer", Numbers.Span(kv.RowsPerLayer)),
            ("bytes held", $"{OverlayLegend.Size(kv.Bytes)}, {Numbers.Percent(kv.KeptShare)} of {OverlayLegend.Size(kv.FullBytes)}"),
            ("answer", $"{ListText.Count(answer.Tokens.Count, "token")}{end}"),
            ("time", Numbers.Milliseconds(times.Total)),
            ("waiting", Numbers.Milliseconds(times.Waiting)),
            ("notes", answer.Session is { Notes: { Count: > 0 } notes } ? string.Join(" ", notes) : ""),
        ];
    }
}
