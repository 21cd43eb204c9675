using SkiaSharp;

namespace StarKV.MiniGui.Look;

/// <summary>Six light and six dark palettes.</summary>
public static class Themes
{
    /// <value>The palettes without jitter.</value>
    public static IReadOnlyList<Theme> All { get; } =
    [
        Of("paper", "FAFAF8", "ECEBE6", "1E1E22", "2266CC", "6E8CA8"),
        Of("mint", "F3FAF4", "DDEEE0", "14281C", "1E8650", "C5D8C4"),
        Of("sand", "FBF6EC", "EFE4CE", "33261A", "B8661C", "A58F70"),
        Of("lilac", "F8F4FC", "E8DDF4", "281C38", "7A3FBF", "B7A6CC"),
        Of("steel", "F0F2F5", "D5DBE3", "18202C", "0F6E8C", "3C5468"),
        Of("rose", "FDF4F5", "F6DEE2", "381A22", "C22F55", "D9B4BC"),
        Of("night", "16181D", "22252D", "E8EAF0", "4C8DFF", "0A0B0E"),
        Of("coal", "232323", "303030", "F0F0F0", "E8A33D", "121212"),
        Of("forest", "141E18", "1E2E24", "DCEBE0", "4CC27A", "0A120D"),
        Of("plum", "211828", "302338", "EFE4F5", "D272E0", "120C17"),
        Of("ocean", "0F2027", "173039", "DFF1F5", "35B8D6", "081418"),
        Of("ember", "261A18", "362522", "F8E8E2", "F0694A", "150D0C"),
    ];

    /// <summary>A palette with each colour moved by up to 8 of 255 per channel.</summary>
    public static Theme Draw(SeededRandom random)
    {
        var theme = random.Pick(All);
        SKColor Jitter(SKColor c) => new(Move(c.Red), Move(c.Green), Move(c.Blue));
        byte Move(byte channel) => (byte)Math.Clamp(channel + random.Between(-8, 8), 0, 255);
        return theme with
        {
            Back = Jitter(theme.Back),
            Chrome = Jitter(theme.Chrome),
            Text = Jitter(theme.Text),
            Accent = Jitter(theme.Accent),
            Desktop = Jitter(theme.Desktop),
        };
    }

    private static Theme Of(string name, params string[] colours) =>
        new(
            name,
            SKColor.Parse(colours[0]),
            SKColor.Parse(colours[1]),
            SKColor.Parse(colours[2]),
            SKColor.Parse(colours[3]),
            SKColor.Parse(colours[4]));
}
