namespace StarKV.Act;

/// <summary>Reads the keys of pyautogui's functions: words, or lists of words.</summary>
/// <param name="diagnostics">Where findings go.</param>
internal sealed class OpenCuaKeys(List<ActionDiagnostic> diagnostics)
{
    /// <summary>
    /// The action with the keys of its arguments in order; null, and reported, when there are none or one is not a literal.
    /// </summary>
    /// <param name="name">The action's name.</param>
    /// <param name="arguments">The arguments that hold keys; null where the call has none.</param>
    /// <param name="isWritten">Whether single characters are typed, and so keep their case.</param>
    public GuiAction? Action(string name, IReadOnlyList<OpenCuaArgument?> arguments, bool isWritten = false)
    {
        var values = arguments.OfType<OpenCuaArgument>().Select(a => a.Value).ToList();
        var words = values.SelectMany(v => v.Kind is PythonKind.List ? v.Items : [v]);
        if (words.FirstOrDefault(v => v.Kind is PythonKind.List || IsUnknown(v)) is { } bad)
        {
            diagnostics.Add(ActionDiagnostic.BadArgument(name, bad));
            return null;
        }

        var keys = values.SelectMany(v => Keys(v, isWritten)).Where(k => k != "").ToList();
        if (keys.Count == 0)
        {
            diagnostics.Add(ActionDiagnostic.Error(DiagnosticCodes.MissingArgument, $"{name} needs keys; it cannot be carried out."));
            return null;
        }

        diagnostics.AddRange(keys.Where(k => !KeyNames.IsKnown(k)).Select(ActionDiagnostic.UnknownKey));
        return new GuiAction(name) { Keys = keys };
    }

    // A list that lacks its bracket is not an expression, but its words can be read.
    private static bool IsUnknown(PythonValue value) => value.Kind is PythonKind.Other && value.Raw is not ['[', ..];

    private static IEnumerable<string> Keys(PythonValue value, bool isWritten) => value.Kind switch
    {
        PythonKind.List =>
            value.Items.Select(i => isWritten && i.Value is [var c] && !char.IsWhiteSpace(c) ? i.Value : KeyNames.Name(i.Value)),
        PythonKind.Other => KeyNames.OfBrokenList(value.Raw),
        _ => Word(value.Value),
    };

    /// <summary>A word is one key; it is several only where every part of it is known, as in 'ctrl+c'.</summary>
    private static IReadOnlyList<string> Word(string word)
    {
        var key = KeyNames.Name(word);
        if (key == "" || KeyNames.IsKnown(key)) return [key];
        return KeyNames.Split(word) is { Count: > 1 } keys && keys.All(KeyNames.IsKnown) ? keys : [key];
    }
}
