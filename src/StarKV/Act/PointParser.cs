using System.Text.RegularExpressions;
using StarKV.Decode;

namespace StarKV.Act;

/// <summary>
/// Reads answers that are a place and no action: <c>[12,34]</c> of UI-Venus-1.5, and JSON with <c>point_2d</c> or <c>bbox_2d</c> of
/// Qwen3-VL. It never throws on text, takes time in proportion to its length, and never guesses.
/// </summary>
/// <remarks>
/// A place is an action <c>point</c>; a label is its text. <c>[-1,-1]</c>, which says that nothing on the screen is meant, is an action
/// <c>infeasible</c> without a point. Four numbers, or two pairs, are a box, whose centre counts.
/// </remarks>
public static partial class PointParser
{
    /// <summary>Reads an answer.</summary>
    /// <param name="answer">The text the model wrote, with its thinking text or without.</param>
    /// <param name="coordinates">From the model's numbers, as a rule thousandths, to the screen.</param>
    /// <param name="finish">Why the answer ended; null (default) when unknown. A place that is not closed is none in any case.</param>
    public static ParsedAnswer Parse(string answer, CoordinateMapper coordinates, FinishReason? finish = null) =>
        GuardedParser.Parse(answer, coordinates, () => Read(answer, coordinates, finish));

    private static ParsedAnswer Read(string answer, CoordinateMapper coordinates, FinishReason? finish)
    {
        var budget = ReadingBudget.For(answer.Length);
        var (thought, text) = Thinking.Of(answer, budget);
        text = text[..AnswerText.EndOfContent(text)].Trim();
        var diagnostics = new List<ActionDiagnostic>();
        var places = new PlaceReader(coordinates, diagnostics);
        var actions = Entries(text, budget) is { Count: > 0 } entries
            ? Labelled(entries, places, diagnostics)
            : Bare(text, places, diagnostics);
        if (actions.Count > 1)
            diagnostics.Add(ActionDiagnostic.Warning(
                DiagnosticCodes.SeveralPoints, $"The answer holds {actions.Count} places; the first counts."));
        if (actions.Count == 0 && diagnostics.TrueForAll(d => d.Severity is DiagnosticSeverity.Warning))
            diagnostics.Add(OpenPlace().Match(text) is { Success: true } open
                ? CutAnswer.Error(open.Value, finish)
                : ActionDiagnostic.Error(DiagnosticCodes.NoAction, $"No place in the answer \"{ActionPart.Shorten(answer)}\"."));
        return new([.. actions.Select(a => places.Checked(a) with { Thought = thought })], diagnostics) { Thought = thought };
    }

    /// <summary>The objects with a place in the first JSON value that has some; empty without one.</summary>
    private static List<LooseValue> Entries(string text, ReadingBudget budget)
    {
        for (var open = text.IndexOfAny(['[', '{']); open >= 0;)
        {
            var json = new LooseJson(text, open, budget);
            var value = json.Read();
            LooseValue[] all = value is { Kind: LooseKind.List } ? [.. value.Items] : value is null ? [] : [value];
            var found = all.Where(v => (v.Field("point_2d") ?? v.Field("bbox_2d")) is not null).ToList();
            if (found.Count > 0 && !json.IsCut) return found;
            open = text.IndexOfAny(['[', '{'], open + 1);
        }

        return [];
    }

    private static List<GuiAction> Labelled(List<LooseValue> entries, PlaceReader places, List<ActionDiagnostic> diagnostics)
    {
        var actions = new List<GuiAction>();
        foreach (var entry in entries)
        {
            var (point, box) = (entry.Field("point_2d"), entry.Field("bbox_2d"));
            var (name, argument) = point is not null ? ("point_2d", point) : ("bbox_2d", box!);
            if (places.Of(name, argument) is not { } place) break;
            // For a box four numbers are what was asked for.
            if (point is null) diagnostics.RemoveAll(d => d.Code == DiagnosticCodes.Box);
            actions.Add(new GuiAction("point") { StartBox = place, Text = entry.Field("label")?.Text, Source = entry.Raw });
        }

        return actions;
    }

    private static List<GuiAction> Bare(string text, PlaceReader places, List<ActionDiagnostic> diagnostics)
    {
        var place = Place().Match(text);
        if (!place.Success) return [];
        string[] written = [.. place.Groups["n"].Captures.Select(c => c.Value)];
        if (!PlaceReader.TryRead(written, out var numbers))
        {
            diagnostics.Add(ActionDiagnostic.Error(
                DiagnosticCodes.BadCoordinates, $"{ActionPart.Shorten(place.Value)} is not a place; its numbers have no end."));
            return [];
        }

        if (place.Index > 0)
            diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.LeadingText, $"Text before {place.Value} was ignored."));
        if (place.Index + place.Length < text.Length)
            diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.ProseAfter, $"Text after {place.Value} was ignored."));
        if (numbers is [-1, -1]) return [new GuiAction("infeasible") { Source = place.Value }];
        if (numbers.Count == 4)
            diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.Box, $"{place.Value} is a box; its centre is meant."));
        return [new GuiAction("point") { StartBox = places.Of(numbers), Source = place.Value }];
    }

    private const string Number = @"\s*(?<n>[-+]?[0-9]{1,400}(?:\.[0-9]{0,400})?)\s*";

    // [x,y], [x,y,x,y] and [x,y],[x,y].
    [GeneratedRegex(
        $@"\[{Number},{Number}(?:,{Number},{Number}\]|\]\s*,\s*\[{Number},{Number}\]|\])", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Place();

    // A place whose bracket is still to come.
    [GeneratedRegex(@"\[[-+0-9., \t\r\n]*\z", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex OpenPlace();
}
