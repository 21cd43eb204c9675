using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Thinking;

/// <summary>What thoughts call an element.</summary>
internal static class Names
{
    /// <summary>Its words in quotation marks, else its icon, else the field with its name.</summary>
    public static string Of(Element element) => element switch
    {
        { Kind: ElementKind.Field } => $"the \"{element.Name}\" field",
        { Text: not "" } => $"\"{element.Text}\"",
        _ => $"the {element.Icon} icon",
    };

    /// <summary>The text with a capital letter at its start.</summary>
    public static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
