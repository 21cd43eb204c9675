namespace StarKV.Act;

/// <summary>The part of an answer that holds its calls.</summary>
/// <param name="Header">The text in front of the part, without the label.</param>
/// <param name="Calls">The calls in order; at least one.</param>
/// <param name="End">Index after the last call.</param>
/// <param name="Findings">What was unusual around the calls.</param>
internal sealed record ActionPart(string Header, IReadOnlyList<ScannedCall> Calls, int End, IReadOnlyList<ActionDiagnostic> Findings)
{
    /// <summary>Finds the calls after the last label that has some, else from the first known call on; null without any.</summary>
    /// <exception cref="TangledTextException">The text sends its reader back too often.</exception>
    public static ActionPart? Find(string text)
    {
        ActionPart? last = null;
        var budget = ReadingBudget.For(text.Length);
        var labels = AnswerText.Labels(text);
        var (earlier, headerStart) = (0, 0);
        for (var i = 0; i < labels.Count; i++)
        {
            var label = labels[i];
            // A label inside the last part's calls is typed text.
            if (label.Index < headerStart) continue;
            var limit = i + 1 < labels.Count ? labels[i + 1].Index : text.Length;
            var part = ReadLabelled(text, label.Index + label.Length, limit, headerStart..label.Index, budget);
            if (part is null) continue;
            if (last is not null) earlier += last.Calls.Count;
            (last, headerStart) = (part, part.End);
        }

        if (last is null)
            return CallScanner.Find(text, 0, text.Length, budget) is { } first ? ReadFrom(first, text, ..first.Start, [], budget) : null;
        if (earlier == 0) return last;
        var finding = ActionDiagnostic.Warning(
            DiagnosticCodes.EarlierActions, $"{earlier} earlier action(s) were ignored; the last action part counts.");
        return last with { Findings = [finding, .. last.Findings] };
    }

    /// <summary>The text on one line, cut to 60 characters.</summary>
    public static string Shorten(ReadOnlySpan<char> text)
    {
        const int Most = 60;
        var trimmed = text.Trim();
        // A line end of two characters becomes one blank.
        var line = trimmed[..Math.Min(trimmed.Length, 2 * (Most + 1))].ToString().ReplaceLineEndings(" ");
        return line.Length <= Most ? line : line[..Most] + "…";
    }

    private static ActionPart? ReadLabelled(string text, int start, int limit, Range header, ReadingBudget budget)
    {
        var first = AnswerText.SkipDecoration(text, start);
        if (CallScanner.Scan(text, first, budget) is { } call) return ReadFrom(call, text, header, [], budget);
        if (CallScanner.Find(text, start, limit, budget) is not { } later) return null;
        return ReadFrom(later, text, header, [Ignored(DiagnosticCodes.LeadingText, "before", text.AsSpan(start..later.Start))], budget);
    }

    private static ActionDiagnostic Ignored(string code, string where, ReadOnlySpan<char> text) =>
        ActionDiagnostic.Warning(code, $"Text {where} the call was ignored: \"{Shorten(text)}\".");

    private static ActionPart ReadFrom(ScannedCall first, string text, Range header, List<ActionDiagnostic> findings, ReadingBudget budget)
    {
        var calls = new List<ScannedCall> { first };
        while (true)
        {
            var end = calls[^1].End;
            var next = AnswerText.SkipDecoration(text, end);
            if (next < text.Length && text[next] == ';') next = AnswerText.SkipDecoration(text, next + 1);
            if (CallScanner.Scan(text, next, budget) is { IsPlausible: true } call)
            {
                calls.Add(call);
                continue;
            }

            if (next < text.Length) findings.Add(Ignored(DiagnosticCodes.TrailingText, "after", text.AsSpan(next)));
            return new(text[header], calls, end, findings);
        }
    }
}
