using SkiaSharp;

namespace StarKV.MiniGui.Look;

/// <summary>The colours of a screen, all opaque: translucent ones would be rounded differently by different processors.</summary>
/// <param name="Name">The palette's name; jitter does not change it.</param>
/// <param name="Back">Background of the content.</param>
/// <param name="Chrome">Bars and sidebars.</param>
/// <param name="Text">Words.</param>
/// <param name="Accent">Primary buttons, links, switches that are on.</param>
/// <param name="Desktop">Background of a window.</param>
public sealed record Theme(string Name, SKColor Back, SKColor Chrome, SKColor Text, SKColor Accent, SKColor Desktop)
{
    /// <value>True when words are brighter than their background.</value>
    public bool IsDark => Luma(Text) > Luma(Back);

    /// <value>Inside fields.</value>
    public SKColor Field => IsDark ? Mix(Back, SKColors.Black, 35) : Mix(Back, SKColors.White, 60);

    /// <value>Outlines and dividers.</value>
    public SKColor Line => Mix(Back, Text, 30);

    /// <value>Buttons that are not primary.</value>
    public SKColor Button => Mix(Chrome, Text, 7);

    /// <value>Every other row of a list.</value>
    public SKColor Stripe => Mix(Back, Chrome, 50);

    /// <value>A highlighted row, the current entry of a sidebar.</value>
    public SKColor Highlight => Mix(Back, Accent, 40);

    /// <value>Words of lesser weight.</value>
    public SKColor Muted => Mix(Text, Back, 30);

    /// <value>Words on the accent colour.</value>
    public SKColor OnAccent => Luma(Accent) > 120 ? new(16, 16, 20) : SKColors.White;

    /// <summary>The first colour with this many hundredths of the second.</summary>
    public static SKColor Mix(SKColor first, SKColor second, int hundredths)
    {
        byte Channel(byte a, byte b) => (byte)((a * (100 - hundredths) + b * hundredths + 50) / 100);
        return new(Channel(first.Red, second.Red), Channel(first.Green, second.Green), Channel(first.Blue, second.Blue));
    }

    private static int Luma(SKColor c) => (c.Red * 299 + c.Green * 587 + c.Blue * 114) / 1000;
}
