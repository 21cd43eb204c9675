namespace StarKV.Act;

/// <summary>Turns the calls of one answer, of pyautogui and of OpenCUA's <c>computer</c>, into actions.</summary>
/// <param name="coordinates">From the model's pixels to the screen.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed class OpenCuaActionBuilder(CoordinateMapper coordinates, List<ActionDiagnostic> diagnostics)
{
    private readonly OpenCuaKeys _keys = new(diagnostics);
    private readonly OpenCuaPointer _pointer = new(diagnostics);

    /// <summary>
    /// The action of the next call, without its source; null when no system
    /// would carry it out, which is then reported, and for a call that is
    /// part of a drag.
    /// </summary>
    public GuiAction? Build(OpenCuaCall call)
    {
        var action = Read(call);
        if ((action?.EndBox ?? action?.StartBox) is { } place)
            _pointer.MovedTo(place);
        return action;
    }

    /// <summary>Reports what the answer began and did not end.</summary>
    public void End() => _pointer.End();

    private GuiAction? Read(OpenCuaCall call) => (call.Module, call.Name) switch
    {
        ("pyautogui", "click" or "leftClick") => Click(call),
        ("pyautogui", "doubleClick") => At("left_double", call),
        ("pyautogui", "rightClick") => At("right_single", call),
        ("pyautogui", "middleClick") => At("middle_click", call),
        ("pyautogui", "tripleClick") or ("computer", "triple_click" or "tripleClick") => At("triple_click", call),
        ("pyautogui", "moveTo") => At("hover", call) is { } hover && !_pointer.Drags(hover.StartBox) ? hover : null,
        ("pyautogui", "dragTo") =>
            new("drag") { StartBox = _pointer.Place, EndBox = Box(call, Argument(call, 0, "x"), Argument(call, 1, "y")) },
        ("pyautogui", "mouseDown") => Button(call, 2) is { } button ? _pointer.Pressed(button, OptionalBox(call)) : null,
        ("pyautogui", "mouseUp") when _pointer.IsHeld => _pointer.Released(OptionalBox(call)),
        ("pyautogui", "write" or "typewrite") => Written(call),
        ("pyautogui", "press") => Pressed(call),
        ("pyautogui", "hotkey") => _keys.Action("hotkey", [.. call.Arguments.Where(a => a.Name is "" or "keys")]),
        ("pyautogui", "keyDown") => _keys.Action("press", [Argument(call, 0, "keys", "key")]),
        ("pyautogui", "keyUp") => _keys.Action("release", [Argument(call, 0, "keys", "key")]),
        ("pyautogui", "scroll" or "vscroll") => Scrolled(call, "up", "down"),
        ("pyautogui", "hscroll") => Scrolled(call, "right", "left"),
        ("computer", "terminate") => new GuiAction("finished") { Text = Argument(call, 0, "status")?.Value.Value },
        ("computer", "wait") or ("time" or "pyautogui", "sleep") =>
            new GuiAction("wait") { Time = Number(Argument(call, 0, "seconds", "secs")) },
        _ => Unknown(call),
    };

    private GuiAction? Click(OpenCuaCall call)
    {
        var clicks = Argument(call, 2, "clicks");
        if (Button(call, 4) is not { } button || !IsLiteral(call, clicks)) return null;
        if (button is not "left") return At(OpenCuaPointer.ClickOf(button), call);
        return At(Number(clicks) switch { 2 => "left_double", 3 => "triple_click", _ => "click" }, call);
    }

    // A click without numbers happens where the pointer is.
    private GuiAction At(string name, OpenCuaCall call) => new(name) { StartBox = OptionalBox(call) };

    private ActionBox? OptionalBox(OpenCuaCall call)
    {
        var (x, y) = (Argument(call, 0, "x"), Argument(call, 1, "y"));
        return x is null && y is null ? null : Box(call, x, y);
    }

    /// <summary>The mouse button's name, <c>left</c> without one; null when it is not known, which is then reported.</summary>
    private string? Button(OpenCuaCall call, int place)
    {
        var value = Argument(call, place, "button")?.Value;
        // pyautogui.RIGHT and 'right' mean the same.
        var name = value is null ? "left" : value.Value[(value.Value.LastIndexOf('.') + 1)..].ToLowerInvariant();
        switch (name)
        {
            case "left" or "primary": return "left";
            case "right" or "secondary": return "right";
            case "middle": return "middle";
            default:
                diagnostics.Add(ActionDiagnostic.BadArgument(call.Name, value!));
                return null;
        }
    }

    private GuiAction? Written(OpenCuaCall call)
    {
        if (Argument(call, 0, "message", "text") is not { } text)
        {
            Fail(DiagnosticCodes.MissingArgument, "write needs a text; it cannot be carried out.");
            return null;
        }

        // A list is one of keys, pressed one after another.
        if (text.Value.Kind is PythonKind.List) return _keys.Action("hotkey", [text], isWritten: true);
        return IsLiteral(call, text) ? new GuiAction("type") { Text = text.Value.Value, RawText = text.Value.Raw } : null;
    }

    private GuiAction? Pressed(OpenCuaCall call)
    {
        var presses = Argument(call, 1, "presses");
        if (!IsLiteral(call, presses) || _keys.Action("hotkey", [Argument(call, 0, "keys", "key")]) is not { } once) return null;
        var times = (int)Math.Clamp(Number(presses) ?? 1, 1, 100);
        return once with { Keys = [.. Enumerable.Repeat(once.Keys, times).SelectMany(keys => keys)] };
    }

    private GuiAction? Scrolled(OpenCuaCall call, string positive, string negative)
    {
        if (Number(Argument(call, 0, "clicks")) is not { } clicks || clicks == 0)
        {
            Fail(DiagnosticCodes.MissingArgument, $"{call.Name} needs a number of clicks other than 0; it cannot be carried out.");
            return null;
        }

        var (x, y) = (Argument(call, 1, "x"), Argument(call, 2, "y"));
        return new GuiAction("scroll") { Direction = clicks > 0 ? positive : negative, StartBox = x is null ? null : Box(call, x, y) };
    }

    private GuiAction? Unknown(OpenCuaCall call)
    {
        if (call.Name is "move" or "moveRel" or "drag" or "dragRel") _pointer.Lost();
        Warn(DiagnosticCodes.UnknownAction, $"'{call.Module}.{call.Name}' is not a known action and was left out.");
        return null;
    }

    private ActionBox? Box(OpenCuaCall call, OpenCuaArgument? x, OpenCuaArgument? y)
    {
        // Both numbers may come as one pair.
        if (y is null && x is { Value: { Kind: PythonKind.List, Items: [var first, var second] } })
            (x, y) = (new("", first), new("", second));
        if (Number(x) is not { } across || Number(y) is not { } down)
        {
            Fail(DiagnosticCodes.BadCoordinates, $"{call.Name} does not hold two numbers; the action has no such point.");
            return null;
        }

        // Whole numbers are pixels: (1, 0) is next to the corner, not on the right edge.
        var hasPoint = x!.Value.Value.Contains('.', StringComparison.Ordinal) || y!.Value.Value.Contains('.', StringComparison.Ordinal);
        var isShare = hasPoint && across is >= 0 and <= 1 && down is >= 0 and <= 1;
        if (isShare)
            Warn(DiagnosticCodes.RelativeCoordinates, $"({x.Value.Raw}, {y!.Value.Raw}) was taken for shares of the screenshot.");
        var point = isShare ? new ScreenPoint(across, down) : coordinates.FromModel(across, down);
        if (!point.IsOnScreen)
            Warn(
                DiagnosticCodes.OutsideScreen,
                $"({x.Value.Raw}, {y!.Value.Raw}) lies outside the screenshot; its numbers are not clamped.");
        return ActionBox.At(point);
    }

    /// <summary>An argument by one of its names, else by its place among those without a name.</summary>
    private static OpenCuaArgument? Argument(OpenCuaCall call, int place, params string[] names) =>
        call.Arguments.FirstOrDefault(a => names.Contains(a.Name)) ?? call.Arguments.Where(a => a.Name == "").ElementAtOrDefault(place);

    private static double? Number(OpenCuaArgument? argument) =>
        argument?.Value is { Kind: PythonKind.Number or PythonKind.Text, Value: var value }
            && CoordinateNumbers.Read(value) is [var number, ..]
            ? number
            : null;

    /// <summary>False, and reported, for a value that is only known when the code runs, and for a list where one value is meant.</summary>
    private bool IsLiteral(OpenCuaCall call, OpenCuaArgument? argument)
    {
        if (argument?.Value.Kind is not (PythonKind.Other or PythonKind.List)) return true;
        diagnostics.Add(ActionDiagnostic.BadArgument(call.Name, argument.Value));
        return false;
    }

    private void Fail(string code, string message) => diagnostics.Add(ActionDiagnostic.Error(code, message));

    private void Warn(string code, string message) => diagnostics.Add(ActionDiagnostic.Warning(code, message));
}
