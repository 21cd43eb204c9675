namespace StarKV.Act;

/// <summary>Where code has left the pointer, and the drag that <c>mouseDown</c> began.</summary>
/// <param name="diagnostics">Where findings go.</param>
internal sealed class OpenCuaPointer(List<ActionDiagnostic> diagnostics)
{
    private string? _held;
    private ActionBox? _start;
    private bool _isLost;

    /// <summary>Where the pointer is; null when the code has not said so.</summary>
    public ActionBox? Place { get; private set; }

    /// <summary>True between <c>mouseDown</c> and <c>mouseUp</c>.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>The click of a button.</summary>
    public static string ClickOf(string button) => button switch { "right" => "right_single", "middle" => "middle_click", _ => "click" };

    /// <summary>The pointer is at <paramref name="place"/> now.</summary>
    public void MovedTo(ActionBox place) => (Place, _isLost) = (place, false);

    /// <summary>The pointer is where the code does not say.</summary>
    public void Lost() => (Place, _isLost) = (null, true);

    /// <summary>Moves to <paramref name="place"/>, null for an unreadable one; true when that is part of a drag.</summary>
    public bool Drags(ActionBox? place)
    {
        if (!IsHeld) return false;
        if (place is { } known) MovedTo(known);
        else Lost();
        return true;
    }

    /// <summary>The button goes down; the action comes with <see cref="Released"/>.</summary>
    public GuiAction? Pressed(string button, ActionBox? place)
    {
        if (place is { } known) MovedTo(known);
        (_held, _start) = (button, Place);
        return null;
    }

    /// <summary>The button goes up: a drag, or a click where it went down.</summary>
    public GuiAction? Released(ActionBox? place)
    {
        var button = _held!;
        _held = null;
        if (place is { } known) MovedTo(known);
        if (!_isLost && Place == _start) return new GuiAction(ClickOf(button)) { StartBox = _start };
        if (_isLost || button is not "left")
        {
            Fail("A drag from mouseDown to mouseUp needs the left button and an end that the code names; it cannot be carried out.");
            return null;
        }

        return new GuiAction("drag") { StartBox = _start, EndBox = Place };
    }

    /// <summary>Reports a button that never goes up.</summary>
    public void End()
    {
        if (IsHeld) Fail("mouseDown has no mouseUp; the drag cannot be carried out.");
    }

    private void Fail(string message) => diagnostics.Add(ActionDiagnostic.Error(DiagnosticCodes.MissingArgument, message));
}
