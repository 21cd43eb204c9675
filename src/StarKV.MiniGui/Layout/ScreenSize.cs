namespace StarKV.MiniGui.Layout;

/// <summary>Width and height of a screen in pixels, both multiples of 28, so that a model's resizing leaves the picture alone.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct ScreenSize(int Width, int Height)
{
    /// <value>Multiples of 112, small to large: vision windows without padding.</value>
    public static IReadOnlyList<ScreenSize> Training { get; } =
        [
            new(336, 336), new(448, 336), new(336, 448), new(448, 448), new(560, 336), new(560, 448), new(672, 448), new(784, 560),
            new(896, 672), new(1120, 784),
        ];

    /// <value>Multiples of 28 only: vision windows at the right and bottom edge are padded.</value>
    public static IReadOnlyList<ScreenSize> Padded { get; } = [new(420, 364), new(364, 644), new(588, 476), new(700, 532), new(980, 588)];

    /// <value>For long prompts.</value>
    public static IReadOnlyList<ScreenSize> Large { get; } = [new(1344, 896), new(1568, 1120), new(1904, 1064)];

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
