using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>Turns calls of pyautogui and of OpenCUA's <c>computer</c> into actions.</summary>
/// <param name="coordinates">From the model's pixels to the screen.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed partial class OpenCuaActionBuilder(CoordinateMapper coordinates, List<ActionDiagnostic> diagnostics)
{
    /// <summary>The action of a call, without its source; null when nobody would carry it out, which is then reported.</summary>
    /// <param name="module">What stands before the function's name.</param>
    /// <param name="call">The call.</param>
    /// <param name="before">The action before it: a drag begins where the pointer was moved.</param>
    public GuiAction? Build(string module, ScannedCall call, GuiAction? before) => (module, call.Name) switch
    {
        ("pyautogui", "click" or "leftClick") => Click(call),
        ("pyautogui", "doubleClick") => At("left_double", call),
        ("pyautogui", "rightClick") => At("right_single", call),
        ("pyautogui", "middleClick") => At("middle_click", call),
        ("pyautogui", "tripleClick") or ("computer", "triple_click" or "tripleClick") => At("triple_click", call),
        ("pyautogui", "moveTo") => At("hover", call),
        ("pyautogui", "dragTo") => Drag(call, before),
        ("pyautogui", "write" or "typewrite") => Written(call),
        ("pyautogui", "press") => Pressed(call),
        ("pyautogui", "hotkey") => WithKeys("hotkey", [.. call.Arguments.Where(a => a.Name is "" or "keys").SelectMany(Words)]),
        ("pyautogui", "keyDown") => WithKeys("press", Words(Argument(call, 0, "keys", "key"))),
        ("pyautogui", "keyUp") => WithKeys("release", Words(Argument(call, 0, "keys", "key"))),
        ("pyautogui", "scroll" or "vscroll") => Scrolled(call, "up", "down"),
        ("pyautogui", "hscroll") => Scrolled(call, "right", "left"),
        ("computer", "terminate") => new GuiAction("finished") { Text = Argument(call, 0, "status")?.Value },
        ("computer", "wait") or ("time" or "pyautogui", "sleep") => new GuiAction("wait") { Time = Number(Argument(call, 0, "seconds", "secs")) },
        _ => Unknown(module, call),
    };

    private GuiAction? Click(ScannedCall call) => At(
        Argument(call, 4, "button")?.Value is "right" ? "right_single"
        : Argument(call, 4, "button")?.Value is "middle" ? "middle_click"
        : Number(Argument(call, 2, "clicks")) switch { 2 => "left_double", 3 => "triple_click", _ => "click" }, call);

    private GuiAction At(string name, ScannedCall call)
    {
        var (x, y) = (Argument(call, 0, "x"), Argument(call, 1, "y"));
        // A click without numbers happens where the pointer is.
        return x is null && y is null ? new GuiAction(name) : new GuiAction(name) { StartBox = Box(call, x, y) };
    }

    private GuiAction Drag(ScannedCall call, GuiAction? before) => new("drag")
    {
        StartBox = before is { Name: "hover", StartBox: { } from } ? from : null,
        EndBox = Box(call, Argument(call, 0, "x"), Argument(call, 1, "y")),
    };

    private GuiAction? Written(ScannedCall call)
    {
        if (Argument(call, 0, "message", "text") is { } text)
            return new GuiAction("type") { Text = text.Value, RawText = text.Raw };
        Fail(DiagnosticCodes.MissingArgument, "write needs a text; it cannot be carried out.");
        return null;
    }

    private GuiAction? Pressed(ScannedCall call)
    {
        var keys = Words(Argument(call, 0, "keys", "key"));
        var times = (int)Math.Clamp(Number(Argument(call, 1, "presses")) ?? 1, 1, 100);
        return WithKeys("hotkey", times == 1 || keys.Count != 1 ? keys : [.. Enumerable.Repeat(keys[0], times)]);
    }

    private GuiAction? Scrolled(ScannedCall call, string positive, string negative)
    {
        if (Number(Argument(call, 0, "clicks")) is not { } clicks || clicks == 0)
        {
            Fail(DiagnosticCodes.MissingArgument, $"{call.Name} needs a number of clicks other than 0; it cannot be carried out.");
            return null;
        }

        var (x, y) = (Argument(call, 1, "x"), Argument(call, 2, "y"));
        return new GuiAction("scroll") { Direction = clicks > 0 ? positive : negative, StartBox = x is null ? null : Box(call, x, y) };
    }

    private GuiAction? WithKeys(string name, List<string> keys)
    {
        if (keys.Count > 0)
            return new GuiAction(name) { Keys = keys };
        Fail(DiagnosticCodes.MissingArgument, $"{name} needs keys; it cannot be carried out.");
        return null;
    }

    private GuiAction? Unknown(string module, ScannedCall call)
    {
        diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.UnknownAction, $"'{module}.{call.Name}' is not a known action and was left out."));
        return null;
    }

    private ActionBox? Box(ScannedCall call, ActionArgument? x, ActionArgument? y)
    {
        if (Number(x) is not { } across || Number(y) is not { } down)
        {
            Fail(DiagnosticCodes.BadCoordinates, $"{call.Name} does not hold two numbers; the action has no such point.");
            return null;
        }

        var isShare = across is >= 0 and <= 1 && down is >= 0 and <= 1;
        if (isShare)
            diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.RelativeCoordinates, $"({x!.Raw}, {y!.Raw}) was taken for shares of the screenshot."));
        var point = isShare ? new ScreenPoint(across, down) : coordinates.FromModel(across, down);
        if (!point.IsOnScreen)
            diagnostics.Add(ActionDiagnostic.Warning(DiagnosticCodes.OutsideScreen, $"({x!.Raw}, {y!.Raw}) lies outside the screenshot; its numbers are not clamped."));
        return ActionBox.At(point);
    }

    /// <summary>An argument by one of its names, else by its place among those without a name.</summary>
    private static ActionArgument? Argument(ScannedCall call, int place, params string[] names) =>
        call.Arguments.FirstOrDefault(a => names.Contains(a.Name)) ?? call.Arguments.Where(a => a.Name == "").ElementAtOrDefault(place);

    private static double? Number(ActionArgument? argument) => argument is not null && CoordinateNumbers.Read(argument.Value) is [var number, ..] ? number : null;

    /// <summary>The keys of a word, of several quoted words, or of a list of words.</summary>
    private static List<string> Words(ActionArgument? argument) => argument is null ? []
        : argument.Value is ['[' or '(', ..]
            ? [.. ListWord().Matches(argument.Value).Select(m => m.Value.Trim().ToLowerInvariant()).Where(w => w.Length > 0)]
            : [.. BetweenWords().Split(argument.Value).Select(w => w.Trim().ToLowerInvariant()).Where(w => w.Length > 0)];

    private void Fail(string code, string message) => diagnostics.Add(ActionDiagnostic.Error(code, message));

    // The scanner, which forgives quotes inside of texts, reads 'ctrl', 'c' as one value.
    [GeneratedRegex(@"['""]\s*,\s*['""]")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"[^\[\](),'""\s]+|(?<=['""])[,\[\]()](?=['""])")]
    private static partial Regex ListWord();
}
