using StarKV.Input;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>
/// A screenshot with a cover of cells and marks. The screenshot itself stands in the page once; every picture refers to it.
/// </summary>
internal static class ScreenPicture
{
    /// <summary>The screenshots that pictures refer to.</summary>
    public static Html Definitions(IReadOnlyList<Screenshot> screens) => Html.Of($"""
        <svg class="definitions" aria-hidden="true">
        <defs>{screens.Select(Definition)}</defs></svg>
        """);

    private static Html Definition(Screenshot screen, int index) => Html.Of(
        $"""<image id="screen{index}" width="{screen.Width}" height="{screen.Height}" href="{CellImage.Of(screen)}"/>""");

    /// <summary>A picture.</summary>
    /// <param name="screens">All screenshots.</param>
    /// <param name="index">Which one.</param>
    /// <param name="cover">A data URI with one pixel per cell, drawn over it.</param>
    /// <param name="label">What is seen, in words.</param>
    /// <param name="target">The known target on the last screenshot, in pixels.</param>
    /// <param name="point">The answer's point on the last screenshot, in pixels.</param>
    public static Html Of(
        IReadOnlyList<Screenshot> screens, int index, string cover, string label, PixelBox? target, (int X, int Y)? point = null)
    {
        var screen = screens[index];
        return Of(screen, index, cover, label, index == screens.Count - 1 ? Marks(screen, target, point) : Html.None);
    }

    /// <summary>A picture.</summary>
    /// <param name="screen">The screenshot.</param>
    /// <param name="index">Which of the page's it is.</param>
    /// <param name="cover">A data URI with one pixel per cell, drawn over it.</param>
    /// <param name="label">What is seen, in words.</param>
    /// <param name="marks">What is drawn over both.</param>
    public static Html Of(Screenshot screen, int index, string cover, string label, Html marks) => Html.Of($"""
        <svg class="screen" viewBox="0 0 {screen.Width} {screen.Height}" role="img" aria-label="{label}"><use href="#screen{index}"/>
        <image class="cells" width="{screen.Width}" height="{screen.Height}" preserveAspectRatio="none" href="{cover}"/>
        {marks}</svg>
        """);

    /// <summary>The marks of a screenshot that was answered: the known target and the answer's point, in its pixels.</summary>
    public static Html Marks(Screenshot screen, PixelBox? target, (int X, int Y)? point) =>
        Html.Of($"{Box(target)}{Cross(point, Math.Max(screen.Width, screen.Height) / 60.0)}");

    /// <summary>The mark of an answer's point, for legends.</summary>
    public static Html CrossKey { get; } = Html.Of(
        $"""<svg class="swatch" viewBox="0 0 20 20" aria-hidden="true">{Cross((10, 10), 4.5)}</svg>""");

    /// <summary>The outline of the target; empty when it is unknown.</summary>
    public static Html Box(PixelBox? target) => target is not { } box ? Html.None : WithHalo("target", kind => Html.Of(
        $"""<rect class="{kind}" x="{box.Left:0.##}" y="{box.Top:0.##}" width="{box.Width:0.##}" height="{box.Height:0.##}"/>"""));

    /// <summary>A ring with a cross; the middle stays open.</summary>
    private static Html Cross((int X, int Y)? point, double size) => point is not { } p ? Html.None : WithHalo("click", kind => Html.Of(
        $"""
        <path class="{kind}" d="M{p.X - 2 * size:0.#} {p.Y}h{1.4 * size:0.#}m{1.2 * size:0.#} 0h{1.4 * size:0.#}M{p.X}
        {p.Y - 2 * size:0.#}v{1.4 * size:0.#}m0 {1.2 * size:0.#}v{1.4 * size:0.#}"/>
        <circle class="{kind}" cx="{p.X}" cy="{p.Y}" r="{size:0.#}"/>
        """));

    /// <summary>A mark twice, light and broad below, so that it shows on any screen.</summary>
    private static Html WithHalo(string mark, Func<string, Html> draw) => Html.Of($"{draw("halo")}{draw(mark)}");
}
