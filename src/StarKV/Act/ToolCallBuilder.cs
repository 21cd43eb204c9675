using System.Globalization;

namespace StarKV.Act;

/// <summary>Turns the arguments of one tool call into an action; null, and reported, when it is none that can be carried out.</summary>
/// <param name="coordinates">From the model's numbers to the screen.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed class ToolCallBuilder(CoordinateMapper coordinates, List<ActionDiagnostic> diagnostics)
{
    private readonly PlaceReader _places = new(coordinates, diagnostics);

    /// <summary>The action of a call.</summary>
    /// <param name="tool">The tool that the call names; null where it names none.</param>
    /// <param name="arguments">The call's arguments, an object.</param>
    public GuiAction? Build(string? tool, LooseValue arguments)
    {
        var written = arguments.Field("action") is { Kind: LooseKind.Text } named ? named.Text.Trim() : null;
        if (written is null || ToolVocabulary.Canonical(tool, written) is not { } name)
        {
            var tools = tool ?? $"{ToolVocabulary.Computer} or {ToolVocabulary.Mobile}";
            Fail(DiagnosticCodes.UnknownAction, written is null
                ? $"The call {ActionPart.Shorten(arguments.Raw)} names no action."
                : $"'{ActionPart.Shorten(written)}' is not an action of {tools}.");
            return null;
        }

        foreach (var (extra, _) in arguments.Fields.Where(f => f.Value.Kind is not LooseKind.Null && !ToolVocabulary.IsArgument(f.Name)))
            Warn(DiagnosticCodes.ExtraArgument, $"No action has the argument '{ActionPart.Shorten(extra)}'; it was ignored.");
        var action = new GuiAction(name)
        {
            Tool = tool,
            WrittenName = written,
            Arguments = [.. arguments.Fields.Select(f => new ActionArgument(f.Name, f.Value.Raw, f.Value.Text))],
        };
        var errors = diagnostics.Count(IsError);
        action = _places.Checked(WithValues(WithPlaces(action, written, arguments), written, arguments));
        return diagnostics.Count(IsError) == errors ? action : null;
    }

    private GuiAction WithPlaces(GuiAction action, string written, LooseValue arguments)
    {
        var (first, second) = (arguments.Field("coordinate"), arguments.Field("coordinate2"));
        if (arguments.Field("coordinate1") is { } start && second is not null) first = start;
        return action.Name switch
        {
            "swipe" => action with { StartBox = _places.Of("coordinate", first), EndBox = _places.Of("coordinate2", second) },
            // The end alone: the pointer is at the start already.
            "drag" when second is null => action with { EndBox = _places.Of("coordinate", first) },
            "drag" => action with { StartBox = _places.Of("coordinate", first), EndBox = _places.Of("coordinate2", second) },
            "scroll" or "hscroll" => first is null ? action : action with { StartBox = _places.Of("coordinate", first) },
            "hover" or "long_press" or "triple_click" => action with { StartBox = _places.Of("coordinate", first) },
            _ when ActionVocabulary.NeedsPoint(action.Name) => action with { StartBox = _places.Of("coordinate", first) },
            _ => action,
        };
    }

    private GuiAction WithValues(GuiAction action, string written, LooseValue arguments) => action.Name switch
    {
        "hotkey" => action with { Keys = Keys(arguments.Field("keys") ?? arguments.Field("text")) },
        "scroll" or "hscroll" when Number(arguments, "pixels") is { } amount =>
            action with { Amount = amount, Direction = action.Name == "scroll" ? (amount < 0 ? "down" : "up") : null },
        "scroll" or "hscroll" => Lacks(action, "pixels"),
        "long_press" or "wait" => action with { Time = Number(arguments, "time") },
        "system_button" when Text(arguments, "button") is { } button => action with
        {
            Name = button.ToUpperInvariant() switch { "BACK" => "press_back", "HOME" => "press_home", _ => action.Name },
            Button = button,
        },
        "system_button" => Lacks(action, "button"),
        "finished" when written is not "answer" => action with { Status = Text(arguments, "status"), Text = Text(arguments, "text") },
        "type" or "open_app" or "key" or "finished" when Text(arguments, "text") is not { } => Lacks(action, "text"),
        "type" or "open_app" or "key" or "finished" or "call_user" =>
            action with { Text = Text(arguments, "text"), RawText = arguments.Field("text")?.Raw },
        _ => action,
    };

    private List<string> Keys(LooseValue? argument)
    {
        string[] written = argument switch
        {
            { Kind: LooseKind.List } => [.. argument.Items.Select(i => i.Text)],
            { Kind: LooseKind.Text or LooseKind.Number } => [.. KeyNames.Split(argument.Text)],
            _ => [],
        };
        var keys = written.Select(Bare).ToList();
        if (!keys.SequenceEqual(written))
            Warn(DiagnosticCodes.KeysCleaned, $"Brackets, quotes or a name were taken off {ActionPart.Shorten(argument!.Raw)}.");
        keys = keys.ConvertAll(KeyNames.Name).FindAll(k => k != "");
        if (keys.Count == 0)
            Fail(DiagnosticCodes.MissingArgument, "key needs keys; it cannot be carried out.");
        diagnostics.AddRange(keys.Where(k => !KeyNames.IsKnown(k)).Select(ActionDiagnostic.UnknownKey));
        return keys;
    }

    // One character is a key, whichever it is.
    private static string Bare(string key)
    {
        if (key.Trim().Length < 2) return key;
        var bare = key.Trim();
        if (bare.StartsWith("keys=", StringComparison.Ordinal)) bare = bare["keys=".Length..];
        return bare.Trim('[', ']', '\'', '"', ' ');
    }

    private static string? Text(LooseValue arguments, string name) =>
        arguments.Field(name) is { Kind: LooseKind.Text or LooseKind.Number or LooseKind.Flag } value ? value.Text : null;

    private static double? Number(LooseValue arguments, string name) =>
        arguments.Field(name) is { Kind: LooseKind.Number or LooseKind.Text } value
            && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    private GuiAction Lacks(GuiAction action, string argument)
    {
        Fail(DiagnosticCodes.MissingArgument, $"{action.WrittenName} needs {argument}; it cannot be carried out.");
        return action;
    }

    private static bool IsError(ActionDiagnostic diagnostic) => diagnostic.Severity is DiagnosticSeverity.Error;

    private void Fail(string code, string message) => diagnostics.Add(ActionDiagnostic.Error(code, message));

    private void Warn(string code, string message) => diagnostics.Add(ActionDiagnostic.Warning(code, message));
}
