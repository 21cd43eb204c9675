namespace StarKV.Act;

/// <summary>The part of an answer that holds its calls.</summary>
/// <param name="Header">The text in front of the part, without the label.</param>
/// <param name="Calls">The calls in order; at least one.</param>
/// <param name="End">Index behind the last call.</param>
/// <param name="Findings">What was unusual around the calls.</param>
internal sealed record ActionPart(string Header, IReadOnlyList<ScannedCall> Calls, int End, IReadOnlyList<ActionDiagnostic> Findings)
{
    /// <summary>Finds the calls behind the last label that has some, else from the first known call on; null without any.</summary>
    public static ActionPart? Find(string text)
    {
        ActionPart? last = null;
        var labels = AnswerText.Labels(text);
        var (earlier, headerStart) = (0, 0);
        for (var i = 0; i < labels.Count; i++)
        {
            var label = labels[i];
            // A label inside the last part's calls is typed text.
            if (label.Index < headerStart) continue;
            var limit = i + 1 < labels.Count ? labels[i + 1].Index : text.Length;
            var part = ReadLabelled(text, label.Index + label.Length, limit, text[headerStart..label.Index]);
            if (part is null) continue;
            if (last is not null) earlier += last.Calls.Count;
            (last, headerStart) = (part, part.End);
        }

        if (last is null)
            return CallScanner.Find(text, 0, text.Length) is { } first ? ReadFrom(first, text, text[..first.Start], []) : null;
        if (earlier == 0) return last;
        var finding = ActionDiagnostic.Warning(DiagnosticCodes.EarlierActions, $"{earlier} earlier action(s) were ignored; the last action part counts.");
        return last with { Findings = [finding, .. last.Findings] };
    }

    /// <summary>The text on one line, cut to 60 characters.</summary>
    public static string Shorten(string text)
    {
        var line = text.Trim().ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..60] + "…";
    }

    private static ActionPart? ReadLabelled(string text, int start, int limit, string header)
    {
        var first = AnswerText.SkipDecoration(text, start);
        if (CallScanner.Scan(text, first) is { } call) return ReadFrom(call, text, header, []);
        if (CallScanner.Find(text, start, limit) is not { } later) return null;
        return ReadFrom(later, text, header, [Ignored(DiagnosticCodes.LeadingText, "in front of", text[start..later.Start])]);
    }

    private static ActionDiagnostic Ignored(string code, string where, string text) =>
        ActionDiagnostic.Warning(code, $"Text {where} the call was ignored: \"{Shorten(text)}\".");

    private static ActionPart ReadFrom(ScannedCall first, string text, string header, List<ActionDiagnostic> findings)
    {
        var calls = new List<ScannedCall> { first };
        while (true)
        {
            var end = calls[^1].End;
            var next = AnswerText.SkipDecoration(text, end);
            if (next < text.Length && text[next] == ';') next = AnswerText.SkipDecoration(text, next + 1);
            if (CallScanner.Scan(text, next) is { IsPlausible: true } call)
            {
                calls.Add(call);
                continue;
            }

            if (next < text.Length) findings.Add(Ignored(DiagnosticCodes.TrailingText, "behind", text[next..]));
            return new(header, calls, end, findings);
        }
    }
}
