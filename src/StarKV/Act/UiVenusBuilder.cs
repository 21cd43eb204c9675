using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>Turns one call of UI-Venus into an action; null, and reported, when it is none that can be carried out.</summary>
/// <param name="coordinates">From the model's numbers to the screen.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed partial class UiVenusBuilder(CoordinateMapper coordinates, List<ActionDiagnostic> diagnostics)
{
    private readonly PlaceReader _places = new(coordinates, diagnostics);

    /// <summary>The action of a call.</summary>
    public GuiAction? Build(UiVenusCall call)
    {
        if (Name(call.Name) is not { } name)
        {
            Fail(DiagnosticCodes.UnknownAction, $"'{ActionPart.Shorten(call.Name)}' is not an action of UI-Venus.");
            return null;
        }

        if (!call.IsClosed) diagnostics.Add(ActionDiagnostic.MissingParenthesis());
        if (call.Rest != "")
            diagnostics.Add(ActionDiagnostic.Warning(
                DiagnosticCodes.TrailingText, $"Text after {call.Name} was ignored: \"{ActionPart.Shorten(call.Rest)}\"."));
        var errors = diagnostics.Count;
        var action = With(new GuiAction(name) { WrittenName = call.Name, Arguments = call.Arguments, Source = call.Source }, call);
        if (diagnostics.Skip(errors).Any(d => d.Severity is DiagnosticSeverity.Error)) return null;
        return _places.Checked(action);
    }

    private static string? Name(string written) => written switch
    {
        "Click" => "click",
        "DoubleClick" => "left_double",
        "LongPress" => "long_press",
        "Hover" => "hover",
        "Drag" => "drag",
        "Scroll" => "scroll",
        "Type" => "type",
        "Finished" => "finished",
        "CallUser" => "call_user",
        "Launch" => "open_app",
        "Hotkey" => "hotkey",
        "Wait" => "wait",
        "PressBack" => "press_back",
        "PressHome" => "press_home",
        "PressEnter" => "press_enter",
        "PressRecent" => "press_recent",
        _ => null,
    };

    private GuiAction With(GuiAction action, UiVenusCall call) => action.Name switch
    {
        "click" or "left_double" or "long_press" or "hover" => action with { StartBox = Place(call, "box") },
        "drag" => action with { StartBox = Place(call, "start"), EndBox = Place(call, "end") },
        "scroll" => Scrolled(action, call),
        "type" when Argument(call, "content") is null => Lacks(action, call, "content"),
        "type" or "finished" or "call_user" => action with { Text = Argument(call, "content"), RawText = Argument(call, "content") },
        "open_app" when Argument(call, "app") is { Length: > 0 } app => action with { Text = app, RawText = app },
        "open_app" when Argument(call, "url") is { Length: > 0 } url => action with { Name = "navigate", Text = url, RawText = url },
        "open_app" => Lacks(action, call, "app or url"),
        "hotkey" => action with { Keys = Keys(call) },
        _ => action,
    };

    // Phones scroll from one point to another, pages in a direction; what is not given stays null.
    private GuiAction Scrolled(GuiAction action, UiVenusCall call)
    {
        var direction = Argument(call, "direction") is { Length: > 0 } said ? said.Trim().ToLowerInvariant() : null;
        var hasPlaces = direction is null || (Argument(call, "start") ?? Argument(call, "end")) is not (null or "");
        return action with
        {
            Direction = direction,
            StartBox = hasPlaces ? Place(call, "start") : null,
            EndBox = hasPlaces ? Place(call, "end") : null,
        };
    }

    private ActionBox? Place(UiVenusCall call, string name)
    {
        var written = Argument(call, name);
        if (written is not null && Point().Match(written) is { Success: true } point
            && PlaceReader.TryRead([.. point.Groups["n"].Captures.Select(c => c.Value)], out var numbers))
        {
            if (numbers.Count == 4)
                diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.Box, $"{name}={written} is a box; its centre is meant."));
            return _places.Of(numbers);
        }

        var said = written is null
            ? $"{call.Name} needs {name}=(x,y)"
            : $"{name}={ActionPart.Shorten(written)} is neither a point nor a box";
        Fail(DiagnosticCodes.BadCoordinates, $"{said}; the action cannot be carried out.");
        return null;
    }

    private IReadOnlyList<string> Keys(UiVenusCall call)
    {
        var written = Argument(call, "keys") ?? "";
        var keys = KeyNames.Split(written);
        if (keys.Count == 0) Fail(DiagnosticCodes.MissingArgument, $"{call.Name} needs keys; it cannot be carried out.");
        diagnostics.AddRange(keys.Where(k => !KeyNames.IsKnown(k)).Select(ActionDiagnostic.UnknownKey));
        return keys;
    }

    private static string? Argument(UiVenusCall call, string name) => call.Arguments.FirstOrDefault(a => a.Name == name)?.Value;

    private GuiAction Lacks(GuiAction action, UiVenusCall call, string argument)
    {
        Fail(DiagnosticCodes.MissingArgument, $"{call.Name} needs {argument}; it cannot be carried out.");
        return action;
    }

    private void Fail(string code, string message) => diagnostics.Add(ActionDiagnostic.Error(code, message));

    private const string Number = @"\s*(?<n>[-+]?[0-9]{1,400}(?:\.[0-9]{0,400})?)\s*";

    [GeneratedRegex($@"\A\s*[(\[]{Number},{Number}(?:,{Number},{Number})?[)\]]\s*\z", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Point();
}
