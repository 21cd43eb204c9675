namespace StarKV.MiniGui.Layout;

/// <summary>What a piece of a screen is.</summary>
public enum ElementKind
{
    /// <summary>A window, dialog or open menu; it hides what is below it.</summary>
    Panel,

    /// <summary>The background of a title bar, menu bar, toolbar, sidebar or status bar.</summary>
    Bar,

    /// <summary>The words of a title bar.</summary>
    Title,

    /// <summary>Words above a group.</summary>
    Heading,

    /// <summary>Words that nothing happens to.</summary>
    Text,

    /// <summary>The words next to or above a field.</summary>
    Label,

    /// <summary>A button with words, maybe with an icon too.</summary>
    Button,

    /// <summary>A button with an icon alone.</summary>
    IconButton,

    /// <summary>A text field; <see cref="Element.Value"/> is what it contains.</summary>
    Field,

    /// <summary>A box to check, with words.</summary>
    Checkbox,

    /// <summary>One of several choices, with words.</summary>
    Radio,

    /// <summary>A sliding switch, with words.</summary>
    Switch,

    /// <summary>A row of a list.</summary>
    Row,

    /// <summary>An icon at the end of a row.</summary>
    RowIcon,

    /// <summary>An icon above words.</summary>
    Tile,

    /// <summary>A tab.</summary>
    Tab,

    /// <summary>A word of the menu bar.</summary>
    MenuItem,

    /// <summary>An entry of an open menu.</summary>
    MenuEntry,

    /// <summary>An entry of a sidebar.</summary>
    NavItem,

    /// <summary>Underlined words.</summary>
    Link,

    /// <summary>A box of many cells with its words somewhere in it, maybe with a picture.</summary>
    Block,

    /// <summary>A frame around elements that belong together, with a heading.</summary>
    Card,

    /// <summary>Words in a column of a table that can be clicked.</summary>
    Cell,
}
