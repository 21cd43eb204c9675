namespace StarKV.MiniGui.Layout;

/// <summary>One piece of a screen: where it is, what is drawn, in which state. All boxes in pixels of the screen.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Box">All of it.</param>
public sealed record Element(ElementKind Kind, Box Box)
{
    /// <value>A number that stays the same through a history.</value>
    public int Id { get; init; }

    /// <value>The words drawn, one or two; empty when there are none.</value>
    public string Text { get; init; } = "";

    /// <value>The line of <see cref="Text"/>, or of a field's value; as wide as the words and as high as the line.</value>
    public Box TextBox { get; init; }

    /// <value>The icon's name; null when there is none.</value>
    public string? Icon { get; init; }

    /// <value>Where the icon is drawn; the box, circle or slider of a checkbox, radio or switch.</value>
    public Box IconBox { get; init; }

    /// <value>The words that name it but are drawn elsewhere: a field's label, a row icon's row, a value's key.</value>
    public string Name { get; init; } = "";

    /// <value>What a field contains; empty when it contains nothing.</value>
    public string Value { get; init; } = "";

    /// <value>The words that it shows: a field's value, else its text; empty when there are none.</value>
    public string Words => Kind is ElementKind.Field ? Value : Text;

    /// <value>Where a click counts: tight around what is drawn. Empty when a click means nothing.</value>
    public Box Target { get; init; }

    /// <value>Checked, chosen, highlighted or current.</value>
    public bool On { get; init; }

    /// <value>Has the keyboard.</value>
    public bool Focused { get; init; }

    /// <value>A button of the accent colour; a row of the second shade.</value>
    public bool Accented { get; init; }

    /// <value>Elements of one list, bar or grid have equal numbers from 0; −1 is none.</value>
    public int Group { get; init; } = -1;

    /// <value>The tab page it belongs to, from 0; −1 is every page.</value>
    public int Page { get; init; } = -1;

    /// <value>0 is the window, 1 what is open in front of it.</value>
    public int Layer { get; init; }

    /// <value>True when it is switched by a click and is either on or off.</value>
    public bool IsCheck => Kind is ElementKind.Checkbox or ElementKind.Radio or ElementKind.Switch;

    /// <summary>The element moved to the right and down.</summary>
    public Element Moved(int dx, int dy) => this with
    {
        Box = Box.Moved(dx, dy),
        TextBox = TextBox.Moved(dx, dy),
        IconBox = IconBox.Moved(dx, dy),
        Target = Target.Moved(dx, dy),
    };
}
