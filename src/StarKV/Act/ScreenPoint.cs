using System.Globalization;

namespace StarKV.Act;

/// <summary>A point relative to the screenshot: 0,0 is the top left corner, 1,1 the bottom right one. Never clamped.</summary>
/// <param name="X">Share of the width.</param>
/// <param name="Y">Share of the height.</param>
public readonly record struct ScreenPoint(double X, double Y)
{
    /// <summary>True when both shares are in 0–1, edges included.</summary>
    public bool IsOnScreen => X is >= 0 and <= 1 && Y is >= 0 and <= 1;

    /// <summary>The point as <c>(0.25,0.5)</c>, whatever the culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({X:0.####},{Y:0.####})");
}

/// <summary>A box relative to the screenshot, its corners in the order the model wrote them; a point is a box without extent.</summary>
/// <param name="First">The first corner; grounding benchmarks score this one.</param>
/// <param name="Second">The opposite corner.</param>
public readonly record struct ActionBox(ScreenPoint First, ScreenPoint Second)
{
    /// <summary>The middle, where an action on the box happens.</summary>
    public ScreenPoint Center => First == Second ? First : new((First.X + Second.X) / 2, (First.Y + Second.Y) / 2);

    /// <summary>True when both corners are on the screen.</summary>
    public bool IsOnScreen => First.IsOnScreen && Second.IsOnScreen;

    /// <summary>The box without extent at <paramref name="point"/>.</summary>
    public static ActionBox At(ScreenPoint point) => new(point, point);
}
