using System.Globalization;
using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>Turns numbers of an answer into places on the screen, and reports what is unusual about them.</summary>
/// <param name="coordinates">From the model's numbers to the screen.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed partial class PlaceReader(CoordinateMapper coordinates, List<ActionDiagnostic> diagnostics)
{
    /// <summary>The place of an argument: two numbers, or the four of a box; null, and reported, when it holds none.</summary>
    public ActionBox? Of(string name, LooseValue? argument)
    {
        string[] numbers = argument switch
        {
            { Kind: LooseKind.Text } => [.. Numbers().Matches(argument.Text).Select(m => m.Value)],
            { Kind: LooseKind.List } when argument.Items.All(i => i.Kind is LooseKind.Number or LooseKind.Text) =>
                [.. argument.Items.Select(i => i.Text.Trim())],
            _ => [],
        };
        if (numbers.Length is not (2 or 4) || !TryRead(numbers, out var values))
        {
            var said = argument is null
                ? $"{name} is missing"
                : $"{name} = {ActionPart.Shorten(argument.Raw)} is neither a point nor a box";
            Fail(DiagnosticCodes.BadCoordinates, $"{said}; the action cannot be carried out.");
            return null;
        }

        if (argument!.Kind is LooseKind.Text || argument.Items.Any(i => i.Kind is LooseKind.Text))
            Warn(DiagnosticCodes.CoordinateText, $"The numbers of {name} = {ActionPart.Shorten(argument.Raw)} are written as text.");
        if (values.Count == 4) Warn(DiagnosticCodes.Box, $"{name} = {argument.Raw} is a box; its centre is meant.");
        return Of(values);
    }

    /// <summary>The place of two numbers, or of the four of a box.</summary>
    public ActionBox Of(IReadOnlyList<double> numbers)
    {
        var first = coordinates.FromModel(numbers[0], numbers[1]);
        return numbers.Count == 4 ? new(first, coordinates.FromModel(numbers[2], numbers[3])) : ActionBox.At(first);
    }

    /// <summary>The action, marked and reported when a place of it is off the screen.</summary>
    public GuiAction Checked(GuiAction action)
    {
        if (action.StartBox is not { IsOnScreen: false } && action.EndBox is not { IsOnScreen: false }) return action;
        Warn(DiagnosticCodes.OutsideScreen, $"{action} lies outside the screenshot; its numbers are not clamped.");
        return action with { IsOutsideScreen = true };
    }

    /// <summary>The values of numbers; false when one is none or has no end.</summary>
    public static bool TryRead(IReadOnlyList<string> numbers, out IReadOnlyList<double> values)
    {
        var read = numbers
            .Select(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : double.NaN)
            .ToArray();
        values = read;
        return Array.TrueForAll(read, double.IsFinite);
    }

    private void Fail(string code, string message) => diagnostics.Add(ActionDiagnostic.Error(code, message));

    private void Warn(string code, string message) => diagnostics.Add(ActionDiagnostic.Warning(code, message));

    [GeneratedRegex(@"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
