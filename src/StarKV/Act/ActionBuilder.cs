namespace StarKV.Act;

/// <summary>Turns calls into actions and reports what they lack.</summary>
/// <param name="coordinates">How to read numbers; null when no model size fits the screenshot, then points stay null.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed class ActionBuilder(CoordinateMapper? coordinates, List<ActionDiagnostic> diagnostics)
{
    public GuiAction Build(ScannedCall call)
    {
        diagnostics.AddRange(call.Findings);
        var name = ActionVocabulary.Canonical(call.Name);
        if (!ActionVocabulary.IsAction(name))
            Warn(DiagnosticCodes.UnknownAction, $"'{name}' is not a known action; its arguments are kept as written.");

        var action = new GuiAction(name) { Arguments = call.Arguments };
        foreach (var argument in call.Arguments.Where(a => a.Name != "")) action = With(action, argument);
        action = WithAxes(action);
        action = WithPositions(action, [.. call.Arguments.Where(a => a.Name == "")]);
        return Checked(action);
    }

    private GuiAction With(GuiAction action, ActionArgument argument) => argument.Name.ToLowerInvariant() switch
    {
        var key when ActionVocabulary.IsStart(key) => action with { StartBox = ReadBox(argument) },
        var key when ActionVocabulary.IsEnd(key) => action with { EndBox = ReadBox(argument) },
        var key when ActionVocabulary.IsKeys(key) => WithKeys(action, argument),
        var key when ActionVocabulary.IsTime(key) =>
            action with { Time = CoordinateNumbers.Read(argument.Value) is [var time, ..] ? time : null },
        var key when ActionVocabulary.IsText(key) => WithText(action, argument),
        "direction" => action with { Direction = argument.Value.Trim().ToLowerInvariant() },
        _ => action,
    };

    /// <summary>Reads a point written as two arguments, <c>x=100, y=200</c>.</summary>
    private GuiAction WithAxes(GuiAction action)
    {
        var x = action.Arguments.FirstOrDefault(a => a.Name is "x" or "X");
        var y = action.Arguments.FirstOrDefault(a => a.Name is "y" or "Y");
        if (x is null || y is null || coordinates is null || action.StartBox is not null) return action;
        double[] numbers = [.. CoordinateNumbers.Read(x.Value), .. CoordinateNumbers.Read(y.Value)];
        return action with { StartBox = ReadBox(numbers, $"x={x.Raw}, y={y.Raw}") };
    }

    private GuiAction WithText(GuiAction action, ActionArgument argument)
    {
        if (TypedText.IsAmbiguous(argument))
            Warn(DiagnosticCodes.AmbiguousEscape, $"Escapes of \"{argument.Raw}\" were resolved as Python does; the raw text is kept too.");
        return action with { Text = argument.Value, RawText = argument.Raw };
    }

    private GuiAction WithKeys(GuiAction action, ActionArgument argument)
    {
        var keys = KeyNames.Split(argument.Value);
        diagnostics.AddRange(keys.Where(k => !KeyNames.IsKnown(k)).Select(ActionDiagnostic.UnknownKey));
        return action with { Keys = keys };
    }

    private ActionBox? ReadBox(ActionArgument argument)
    {
        if (coordinates is null) return null;
        var numbers = CoordinateNumbers.Read(argument.Value);
        if (argument.Value is [.., '\'' or '"'])
            Warn(DiagnosticCodes.StrayQuote, $"A quote too many after {argument.Name}='{argument.Raw}' was ignored.");
        return ReadBox(numbers, $"{argument.Name}='{argument.Raw}'");
    }

    private ActionBox? ReadBox(IReadOnlyList<double> numbers, string source)
    {
        if (numbers.Count < 2 || !numbers.All(double.IsFinite))
        {
            Fail(DiagnosticCodes.BadCoordinates, $"{source} does not hold two numbers; the action has no such point.");
            return null;
        }

        var first = coordinates!.FromModel(numbers[0], numbers[1]);
        if (numbers.Count == 4) return new(first, coordinates.FromModel(numbers[2], numbers[3]));
        if (numbers.Count != 2)
            Warn(DiagnosticCodes.ExtraNumbers, $"{source} holds {numbers.Count} numbers; the first two are the point.");
        return ActionBox.At(first);
    }

    private GuiAction WithPositions(GuiAction action, IReadOnlyList<ActionArgument> values)
    {
        if (values.Count == 0) return action;
        Warn(DiagnosticCodes.PositionalArguments, $"{action.Name} was called with values without names; they were taken by position.");
        var hasPlace = ActionVocabulary.NeedsPoint(action.Name) || action.Name == "scroll";
        if (hasPlace && action.StartBox is null && coordinates is not null)
        {
            double[] numbers = [.. values.SelectMany(v => CoordinateNumbers.Read(v.Value))];
            var isDrag = action.Name == "drag" && numbers.Length == 4;
            var source = string.Join(", ", values.Select(v => v.Raw));
            if (numbers.Length > 0) action = action with { StartBox = ReadBox(isDrag ? numbers[..2] : numbers, source) };
            if (isDrag) action = action with { EndBox = ReadBox(numbers[2..], source) };
        }

        var word = hasPlace ? values.FirstOrDefault(v => !v.Value.Any(char.IsAsciiDigit)) : values[0];
        var name = ActionVocabulary.PositionalName(action.Name);
        // hotkey('ctrl', 'c'): each text is a key.
        if (name == "key" && values.All(v => v.IsQuoted))
        {
            word = word! with
            {
                Raw = string.Join(' ', values.Select(v => v.Raw)),
                Value = string.Join(' ', values.Select(v => v.Value)),
            };
        }

        return word is not null && name is not null ? With(action, word with { Name = name }) : action;
    }

    private GuiAction Checked(GuiAction action)
    {
        if (action.StartBox is { IsOnScreen: false } || action.EndBox is { IsOnScreen: false })
        {
            Warn(DiagnosticCodes.OutsideScreen, $"{action} lies outside the screenshot; its numbers are not clamped.");
            action = action with { IsOutsideScreen = true };
        }

        if (ActionVocabulary.NeedsPoint(action.Name) && !action.Arguments.Any(IsPlace(ActionVocabulary.IsStart)) && action.StartBox is null)
            Lacks(action, "a point");
        if (action.Name == "drag" && !action.Arguments.Any(IsPlace(ActionVocabulary.IsEnd)) && action.EndBox is null)
            Lacks(action, "an end point");
        if (action.Name is "hotkey" or "press" or "release" && action.Keys.Count == 0) Lacks(action, "keys");
        return action;
    }

    private static Func<ActionArgument, bool> IsPlace(Func<string, bool> isName) => a => isName(a.Name.ToLowerInvariant());

    private void Lacks(GuiAction action, string what)
    {
        // Positions cannot be distinguished from missing ones when no model size fits.
        if (coordinates is not null || what == "keys")
            Fail(DiagnosticCodes.MissingArgument, $"{action.Name} needs {what}; it cannot be carried out.");
    }

    private void Fail(string code, string message) => diagnostics.Add(ActionDiagnostic.Error(code, message));

    private void Warn(string code, string message) => diagnostics.Add(ActionDiagnostic.Warning(code, message));
}
