using StarKV.Decode;

namespace StarKV.Act;

/// <summary>Finds the tool calls of an answer, as JSON.</summary>
/// <param name="text">The answer without its thinking text.</param>
/// <param name="budget">Of the answer.</param>
/// <param name="finish">Why the answer ended; null when unknown.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed class ToolCallScanner(string text, ReadingBudget budget, FinishReason? finish, List<ActionDiagnostic> diagnostics)
{
    private const string Tag = "<tool_call>";

    /// <summary>One call.</summary>
    /// <param name="Start">Index of its first character, that of its tag where it has one.</param>
    /// <param name="End">Index after its last one.</param>
    /// <param name="Value">Its object.</param>
    public sealed record Call(int Start, int End, LooseValue Value);

    /// <summary>The calls in order, up to one that cannot be read.</summary>
    /// <param name="header">Where the first call or tag begins; the length of the text without one.</param>
    /// <exception cref="TangledTextException">The budget is spent.</exception>
    public IReadOnlyList<Call> Read(out int header)
    {
        header = text.IndexOf(Tag, StringComparison.Ordinal);
        if (header >= 0) return Tagged(header);
        var bare = Bare();
        header = bare?.Start ?? text.Length;
        return bare is null ? [] : [bare];
    }

    /// <summary>The warning about a call that is not JSON as written.</summary>
    public static ActionDiagnostic Repaired(string json) =>
        ActionDiagnostic.Warning(DiagnosticCodes.RepairedJson, $"{ActionPart.Shorten(json)} is not JSON as written.");

    private List<Call> Tagged(int first)
    {
        var calls = new List<Call>();
        for (var tag = first; tag >= 0;)
        {
            var json = new LooseJson(text, tag + Tag.Length, budget);
            var value = json.Read();
            if (Failure(json, value, tag) is { } failure)
            {
                diagnostics.Add(failure);
                break;
            }

            if (json.IsRepaired) diagnostics.Add(Repaired(value!.Raw));
            var isClosed = string.CompareOrdinal(text, json.At, LooseJson.CallEnd, 0, LooseJson.CallEnd.Length) == 0;
            if (!isClosed)
                diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.UnclosedCall, $"A call lacks {LooseJson.CallEnd}."));
            calls.Add(new(tag, json.At + (isClosed ? LooseJson.CallEnd.Length : 0), value!));
            tag = text.IndexOf(Tag, json.At, StringComparison.Ordinal);
        }

        return calls;
    }

    /// <summary>What keeps a call from being read; null for one that is whole, or lacks brackets that can be added.</summary>
    private ActionDiagnostic? Failure(LooseJson json, LooseValue? value, int tag)
    {
        if (!json.IsCut && value is { Kind: LooseKind.Object }) return null;
        var written = text.AsSpan(tag).ToString();
        // Half a number is another place on the screen.
        if (json.IsCut && (finish is FinishReason.Length || (value is not null && CutAnswer.Cuts(written, isClosed: false, finish))))
            return CutAnswer.Error(written, finish);
        return value is { Kind: LooseKind.Object } ? null : ActionDiagnostic.Error(
            DiagnosticCodes.BadJson, $"The call \"{ActionPart.Shorten(written)}\" is not JSON that can be read.");
    }

    /// <summary>The first object of a text without tags that looks like a call.</summary>
    private Call? Bare()
    {
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var json = new LooseJson(text, open, budget);
            if (json.Read() is { } value && !json.IsCut && (value.Field("arguments") ?? value.Field("action")) is not null)
                return new(open, json.At, value);
        }

        return null;
    }
}
