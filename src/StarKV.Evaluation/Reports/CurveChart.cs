using System.Globalization;
using System.Text;
using StarKV.Files;
using static System.FormattableString;

namespace StarKV.Evaluation.Reports;

/// <summary>
/// Curves of accuracy over a logarithmic axis as an SVG picture: bars for the
/// intervals, each curve named at its right end, readable in light and dark.
/// </summary>
/// <param name="title">Stands above, and is the picture's name for screen readers.</param>
/// <param name="xLabel">What the horizontal axis says.</param>
/// <param name="ticks">Marked places of the horizontal axis with their labels, ascending; the first and last bound it.</param>
public sealed class CurveChart(string title, string xLabel, IReadOnlyList<(double X, string Label)> ticks)
{
    private const double Left = 62, Top = 46, Bottom = 380, LineHeight = 15, NameWidth = 160;

    private const string Style = "<style>text { fill: #1f2328 } .grid { stroke: #d0d7de } .axis { stroke: #59636e } "
        + "@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .grid { stroke: #3d444d } .axis { stroke: #9198a1 } }</style>\n";

    // Colours that most people with a colour vision deficiency can distinguish,
    // mid-tones that stand out on white and on black; shapes do the rest.
    private static readonly string[] s_colours =
    [
        "#d1495b", "#2e86c1", "#e08a1e", "#2a9d6f", "#8e6bbf", "#7f7f7f", "#b5651d", "#17a2b8", "#c2569b",
    ];

    /// <value>Whether the names are below the curves, for screens of about 400 pixels; default next to them.</value>
    public bool Narrow { get; init; }

    private double Width => Narrow ? 400 : 760;

    private double Right => Narrow ? 380 : 590;

    /// <summary>Draws the curves.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="reference">The full cache's share of right answers, a dotted line; null for none.</param>
    public string Svg(IReadOnlyList<Curve> curves, double? reference = null)
    {
        var svg = new StringBuilder();
        var height = Narrow ? NamePlace(curves.Count - 1).Y + 30 : 440;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" "
                + $"role=\"img\" aria-label=\"{Escaped(title)}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n");
        svg.Append(Style).Append(Invariant($"<text x=\"{Left}\" y=\"24\" font-size=\"15\" font-weight=\"600\">{Escaped(title)}</text>\n"));
        Axes(svg);
        if (reference is { } full)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"axis\" stroke-dasharray=\"1 4\" x1=\"{Left}\" x2=\"{Right}\" "
                    + $"y1=\"{Y(full):0.#}\" y2=\"{Y(full):0.#}\"/><text x=\"{Left + 4}\" "
                    + $"y=\"{Y(full) - 5:0.#}\">full cache {100 * full:0.0} %</text>\n");
        var labels = LabelPlaces(curves);
        for (var i = 0; i < curves.Count; i++)
        {
            // A cache that answered none of a label's tasks has no points; the others keep their colours.
            if (curves[i].Points.Count > 0)
                Draw(svg, curves[i], i, labels[i]);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private void Axes(StringBuilder svg)
    {
        for (var percent = 0; percent <= 100; percent += 20)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(percent / 100.0):0.#}\" "
                    + $"y2=\"{Y(percent / 100.0):0.#}\"/><text x=\"{Left - 8}\" "
                    + $"y=\"{Y(percent / 100.0) + 4:0.#}\" text-anchor=\"end\">{percent} %</text>\n");
        foreach (var (x, label) in ticks)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"axis\" x1=\"{X(x):0.#}\" x2=\"{X(x):0.#}\" y1=\"{Bottom}\" y2=\"{Bottom + 5}\"/><text "
                    + $"x=\"{X(x):0.#}\" y=\"{Bottom + 19}\" text-anchor=\"middle\">{Escaped(label)}</text>\n");
        svg.Append(Invariant($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Bottom}\" y2=\"{Bottom}\"/>\n"));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{(Narrow ? Width : Left + Right) / 2}\" y=\"{Bottom + 44}\" "
                + $"text-anchor=\"middle\">{Escaped(xLabel)}</text>\n");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text transform=\"translate(16 {(Top + Bottom) / 2}) rotate(-90)\" "
                + $"text-anchor=\"middle\">right answers, with 95 % interval</text>\n");
    }

    private void Draw(StringBuilder svg, Curve curve, int index, double labelY)
    {
        var colour = s_colours[index % s_colours.Length];
        // Curves side by side, so that intervals at one budget do not hide each other.
        var shift = (index % s_colours.Length - (s_colours.Length - 1) / 2.0) * 1.6;
        var places = curve.Points.Select(p => (X: X(p.X) + shift, P: p)).ToList();
        foreach (var (x, p) in places)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Y(p.Low):0.#}\" y2=\"{Y(p.High):0.#}\" "
                    + $"stroke=\"{colour}\" stroke-width=\"1.2\" opacity=\"0.55\"/>");
        var dashes = new[] { "", " stroke-dasharray=\"6 3\"", " stroke-dasharray=\"2 2\"" }[index / 3 % 3];
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes} "
                + $"points=\"{string.Join(' ', places.Select(p => Invariant($"{p.X:0.#},{Y(p.P.Y):0.#}")))}\"/>\n");
        foreach (var (x, p) in places)
            svg.Append(Marker(index % 3, x, Y(p.Y), colour));
        if (!Narrow)
        {
            var (endX, endY) = (places[^1].X, Y(places[^1].P.Y));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"0.8\" "
                    + $"points=\"{endX + 4:0.#},{endY:0.#} {Right + 16:0.#},{labelY:0.#} {Right + 22:0.#},{labelY:0.#}\"/>");
        }

        var (nameX, nameY) = Narrow ? NamePlace(index) : (Right + 27, labelY);
        svg.Append(Marker(index % 3, nameX, nameY, colour));
        svg.Append(Invariant($"<text x=\"{nameX + 8}\" y=\"{nameY + 4:0.#}\">{Escaped(curve.Name)}</text>\n"));
    }

    /// <summary>Where a name is placed below the curves: two in a row.</summary>
    private static (double X, double Y) NamePlace(int index) => (Left - 30 + index % 2 * NameWidth, Bottom + 70 + index / 2 * 18);

    private static string Marker(int shape, double x, double y, string colour) => shape switch
    {
        0 => Invariant($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.4\" fill=\"{colour}\"/>"),
        1 => Invariant($"<rect x=\"{x - 3:0.#}\" y=\"{y - 3:0.#}\" width=\"6\" height=\"6\" fill=\"{colour}\"/>"),
        _ => Invariant($"<path d=\"M{x:0.#} {y - 4:0.#} l4 7 h-8 z\" fill=\"{colour}\"/>"),
    };

    // All curves may end in one point, so names are in the order of their means, as near to the ends as a line's height allows.
    private static double[] LabelPlaces(IReadOnlyList<Curve> curves)
    {
        var places = new double[curves.Count];
        var next = double.NegativeInfinity;
        var order = Enumerable.Range(0, curves.Count)
            .Where(i => curves[i].Points.Count > 0)
            .OrderByDescending(i => curves[i].Points.Average(p => p.Y))
            .ToList();
        foreach (var i in order)
            next = places[i] = Math.Max(Y(curves[i].Points[^1].Y), next + LineHeight);
        var over = Math.Max(0, next - Bottom);
        foreach (var (rank, i) in order.Index())
            places[i] = Math.Max(places[i] - over, Top + rank * LineHeight - 10);
        return places;
    }

    private double X(double x)
    {
        var first = Math.Log(ticks[0].X);
        var place = (Math.Log(Math.Clamp(x, ticks[0].X, ticks[^1].X)) - first) / (Math.Log(ticks[^1].X) - first);
        return Left + place * (Right - Left);
    }

    private static double Y(double share) => Bottom - share * (Bottom - Top);

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(VisibleText.Line(text));
}
