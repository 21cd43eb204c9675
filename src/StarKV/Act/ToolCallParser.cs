using System.Text.RegularExpressions;
using StarKV.Decode;

namespace StarKV.Act;

/// <summary>
/// Reads the answers of GUI-Owl-1.5 and Qwen3-VL: JSON between <c>&lt;tool_call&gt;</c> and its end tag, of the tools <c>computer_use</c>
/// and <c>mobile_use</c>. It never throws on text, takes time in proportion to its length, never executes anything and never guesses.
/// </summary>
/// <remarks>
/// Actions have the names of UI-TARS where it has them: <c>left_click</c> is <c>click</c>, <c>key</c> of a computer <c>hotkey</c>,
/// <c>terminate</c> and <c>answer</c> are <c>finished</c>; <see cref="GuiAction.WrittenName"/> has the model's own. A call in the thinking
/// text is none. A call that cannot be read ends the reading: it and what follows it give no action.
/// </remarks>
public static partial class ToolCallParser
{
    /// <summary>Reads an answer.</summary>
    /// <param name="answer">The text the model wrote, with its thinking text or without.</param>
    /// <param name="coordinates">From the model's numbers, as a rule thousandths, to the screen.</param>
    /// <param name="finish">
    /// Why the answer ended; null (default) when unknown. At <see cref="FinishReason.Length"/> a call whose brackets are not closed is not
    /// an action.
    /// </param>
    public static ParsedAnswer Parse(string answer, CoordinateMapper coordinates, FinishReason? finish = null) =>
        GuardedParser.Parse(answer, coordinates, () => Read(answer, coordinates, finish));

    private static ParsedAnswer Read(string answer, CoordinateMapper coordinates, FinishReason? finish)
    {
        var budget = ReadingBudget.For(answer.Length);
        var (thinking, text) = Thinking.Of(answer, budget);
        var (diagnostics, actions) = (new List<ActionDiagnostic>(), new List<GuiAction>());
        var calls = new ToolCallScanner(text, budget, finish, diagnostics).Read(out var header);
        var thought = thinking ?? Sentence(text[..header]);
        var builder = new ToolCallBuilder(coordinates, diagnostics);
        foreach (var call in calls)
        {
            if (Action(call.Value, builder, budget, diagnostics) is not { } action) break;
            actions.Add(action with { Source = text[call.Start..call.End], Thought = thought });
        }

        if (calls.Count > 1)
            diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.SeveralCalls, $"The answer holds {calls.Count} calls."));
        if (actions.Count == 0 && diagnostics.TrueForAll(d => d.Severity is DiagnosticSeverity.Warning))
            diagnostics.Add(
                ActionDiagnostic.Error(DiagnosticCodes.NoAction, $"No tool call in the answer \"{ActionPart.Shorten(answer)}\"."));
        return new(actions, diagnostics) { Thought = thought };
    }

    private static GuiAction? Action(
        LooseValue call, ToolCallBuilder builder, ReadingBudget budget, List<ActionDiagnostic> diagnostics)
    {
        var tool = call.Field("name") is { Kind: LooseKind.Text } name ? name.Text.Trim() : null;
        if (tool is not null && !ToolVocabulary.IsTool(tool))
        {
            diagnostics.Add(ActionDiagnostic.Error(
                DiagnosticCodes.UnknownAction,
                $"'{ActionPart.Shorten(tool)}' is not a tool that is read here; "
                    + $"{ToolVocabulary.Computer} and {ToolVocabulary.Mobile} are."));
            return null;
        }

        if (tool is null)
            diagnostics.Add(
                ActionDiagnostic.Warning(DiagnosticCodes.NoToolName, $"{ActionPart.Shorten(call.Raw)} does not name its tool."));
        return Arguments(call, budget, diagnostics) is { } arguments ? builder.Build(tool, arguments) : null;
    }

    /// <summary>The arguments: an object, a text that holds one, or the call's own fields.</summary>
    private static LooseValue? Arguments(LooseValue call, ReadingBudget budget, List<ActionDiagnostic> diagnostics)
    {
        switch (call.Field("arguments"))
        {
            case null:
                return call with { Fields = [.. call.Fields.Where(f => f.Name is not ("name" or "arguments"))] };
            case { Kind: LooseKind.Object } fields:
                return fields;
            case { Kind: LooseKind.Text } text
                when LooseJson.Whole(text.Text, budget) is ({ Kind: LooseKind.Object } inner, var isRepaired):
                diagnostics.Add(
                    ActionDiagnostic.Warning(DiagnosticCodes.ArgumentsText, "The call's arguments are a text that holds JSON."));
                if (isRepaired) diagnostics.Add(ToolCallScanner.Repaired(text.Text));
                return inner;
            case var other:
                diagnostics.Add(ActionDiagnostic.Error(
                    DiagnosticCodes.BadJson, $"The call's arguments, {ActionPart.Shorten(other.Raw)}, are not an object."));
                return null;
        }
    }

    private static string? Sentence(string header)
    {
        var label = Label().Match(header);
        return label.Success && header[(label.Index + label.Length)..].Trim() is { Length: > 0 } said ? said : null;
    }

    [GeneratedRegex(@"^[ \t]*Action:", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Label();
}
