namespace StarKV.MiniGui.Look;

/// <summary>How a screen looks: colours, font, corners, spacing. It stays the same through a history.</summary>
/// <param name="Theme">The colours.</param>
/// <param name="Type">The font in its size.</param>
/// <param name="Icon">Side of an icon in pixels.</param>
/// <param name="Corner">Radius of corners in pixels, 0–8.</param>
/// <param name="Pad">Space inside controls in pixels, 3–7.</param>
/// <param name="Gap">Space between controls in pixels, 5–12.</param>
/// <param name="Striped">Every other row of a list has another shade.</param>
public sealed record ScreenLook(Theme Theme, Typesetter Type, int Icon, int Corner, int Pad, int Gap, bool Striped)
{
    /// <value>Height of a button, field or row in pixels.</value>
    public int Control => Math.Max(Type.LineHeight, Icon) + 2 * Pad;

    /// <summary>Draws a look; larger screens tend to larger type.</summary>
    /// <param name="random">Where the choices come from.</param>
    /// <param name="width">Width of the screen in pixels.</param>
    public static ScreenLook Draw(SeededRandom random, int width)
    {
        var largest = width < 448 ? 16 : width < 700 ? 18 : Fonts.MaxSize;
        var size = random.Between(width < 700 ? Fonts.MinSize : 12, largest);
        return new(
            Themes.Draw(random),
            Fonts.Get(random.Below(Fonts.Names.Count), size),
            Icon: Math.Max(14, size + random.Between(1, 6)),
            Corner: random.Pick([0, 0, 3, 5, 8]),
            Pad: random.Between(3, 7),
            Gap: random.Between(5, 12),
            Striped: random.Chance(0.4));
    }
}
