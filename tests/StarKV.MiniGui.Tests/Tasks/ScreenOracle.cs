using System.Globalization;
using System.Text.RegularExpressions;
using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Tests.Tasks;

/// <summary>
/// Answers a challenge's instruction from what a screen shows, as a person would: words, places and frames of what is drawn and in view.
/// It knows no names that are drawn elsewhere, no groups and no targets.
/// </summary>
internal sealed partial class ScreenOracle(Screen screen)
{
    private readonly List<Element> _shown = [.. screen.Elements.Where(screen.IsVisible)];

    /// <summary>All elements that the instruction may mean.</summary>
    public List<Element> Meant(string instruction)
    {
        foreach (var (rule, meant) in Rules())
            if (rule.Match(instruction) is { Success: true } match)
                return [.. meant(match)];
        throw new InvalidOperationException($"The oracle does not understand \"{instruction}\".");
    }

    private IEnumerable<(Regex Rule, Func<Match, IEnumerable<Element>> Meant)> Rules() =>
    [
        (Middle(), m => Blocks(m.Groups[1].Value)),
        (MiddleNextTo(), m => Blocks(m.Groups[2].Value).SelectMany(b => NextTo(b, m.Groups[1].Value, ElementKind.Block))),
        (Within(), m => Shown(ElementKind.Block).Where(b => b.Box.Contains(Number(m, 1), Number(m, 2)))),
        (ReadAt(), m => _shown.Where(e => e.Words != "" && e.TextBox.Contains(Number(m, 1), Number(m, 2)))),
        (ReadValue(), m => Titled(m.Groups[1].Value).SelectMany(h => Row(m.Groups[2].Value).Where(e => e.Kind is ElementKind.Text && e.Box.X == h.Box.X))),
        (OfRow(), m => Row(m.Groups[2].Value).Where(e => e.Kind is ElementKind.Cell && e.Text == m.Groups[1].Value)
            .Where(e => !m.Groups[3].Success || Titled(m.Groups[3].Value).Any(h => h.Box.X == e.Box.X))),
        (InCard(), m => Shown(ElementKind.Card).Where(c => Titled(m.Groups[2].Value).Any(h => c.Box.Contains(h.Box)))
            .SelectMany(c => Shown(ElementKind.Button).Where(b => b.Text == m.Groups[1].Value && c.Box.Contains(b.Box)))),
        (Message(), m => Shown(ElementKind.Button).Where(b => b.Text == m.Groups[1].Value && Front().Contains(b.Box) == (m.Groups[2].Value == "in"))),
        (NextRow(), m => Shown(ElementKind.Row).Where(r => r.Text == m.Groups[3].Value)
            .SelectMany(r => NextTo(r, m.Groups[2].Value, ElementKind.Row)).Where(r => r.Text == m.Groups[1].Value)),
        (ReadField(), m => Labels(m.Groups[1].Value).SelectMany(l => Nearest(l, Shown(ElementKind.Field)))),
        (ReadKey(), m => Labels(m.Groups[1].Value).SelectMany(l => Nearest(l, Shown(ElementKind.Text).Where(t => t.Box.Y == l.Box.Y)))),
    ];

    private IEnumerable<Element> Shown(ElementKind kind) => _shown.Where(e => e.Kind == kind);

    private IEnumerable<Element> Blocks(string text) => Shown(ElementKind.Block).Where(b => b.Text == text);

    private IEnumerable<Element> Titled(string text) => Shown(ElementKind.Heading).Where(h => h.Text == text);

    private IEnumerable<Element> Labels(string text) => Shown(ElementKind.Label).Where(l => l.Text == text);

    private Box Front() => screen.Elements.Single(e => e is { Kind: ElementKind.Panel, Layer: 1 }).Box;

    /// <summary>What stands on the line of a row's name.</summary>
    private IEnumerable<Element> Row(string name) => Labels(name).SelectMany(l => _shown.Where(e => e != l && e.Box.X > l.Box.X && e.Box.Y == l.Box.Y));

    /// <summary>The first element of a kind that a straight line from the middle meets on a side.</summary>
    private IEnumerable<Element> NextTo(Element from, string side, ElementKind kind)
    {
        var (x, y) = from.Box.Center;
        var (dx, dy) = side switch { "left of" => (-1, 0), "right of" => (1, 0), "above" => (0, -1), _ => (0, 1) };
        // A gap within a list or grid is narrow.
        for (var step = 1; step <= 20; step++)
        {
            var (px, py) = (dx == 0 ? x : (dx < 0 ? from.Box.X - step : from.Box.Right - 1 + step), dy == 0 ? y : (dy < 0 ? from.Box.Y - step : from.Box.Bottom - 1 + step));
            if (Shown(kind).FirstOrDefault(e => e.Box.Contains(px, py)) is { } met)
                return [met];
        }

        return [];
    }

    /// <summary>What begins right below the label, else the nearest to the right on its line.</summary>
    private static IEnumerable<Element> Nearest(Element label, IEnumerable<Element> elements)
    {
        var all = elements.ToList();
        var below = all.Where(e => e.Box.X == label.Box.X && e.Box.Y - label.Box.Bottom is >= 0 and <= 3).ToList();
        return below.Count > 0 ? below
            : all.Where(e => e.Box.X >= label.Box.Right - 1 && e.Box.Y <= label.Box.Center.Y && e.Box.Bottom > label.Box.Center.Y).OrderBy(e => e.Box.X).Take(1);
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^Click the middle of \"([^\"]+)\"$", RegexOptions.NonBacktracking)]
    private static partial Regex Middle();

    [GeneratedRegex("^Click the middle of the item (left of|right of|above|below) \"([^\"]+)\"$", RegexOptions.NonBacktracking)]
    private static partial Regex MiddleNextTo();

    [GeneratedRegex(@"^Read the text of the item at \(([0-9]+),([0-9]+)\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Within();

    [GeneratedRegex(@"^Read the text at \(([0-9]+),([0-9]+)\)$", RegexOptions.NonBacktracking)]
    private static partial Regex ReadAt();

    [GeneratedRegex("^Read the \"([^\"]+)\" value of \"([^\"]+)\"$", RegexOptions.NonBacktracking)]
    private static partial Regex ReadValue();

    [GeneratedRegex("^Click \"([^\"]+)\" of \"([^\"]+)\"(?: below \"([^\"]+)\")?$", RegexOptions.NonBacktracking)]
    private static partial Regex OfRow();

    [GeneratedRegex("^Click \"([^\"]+)\" in \"([^\"]+)\"$", RegexOptions.NonBacktracking)]
    private static partial Regex InCard();

    [GeneratedRegex("^Click \"([^\"]+)\" (in|behind) the message$", RegexOptions.NonBacktracking)]
    private static partial Regex Message();

    // Which row: the one above or below another.
    [GeneratedRegex("^Click \"([^\"]+)\" (above|below) \"([^\"]+)\"$", RegexOptions.NonBacktracking)]
    private static partial Regex NextRow();

    [GeneratedRegex("^Read the \"([^\"]+)\" field$", RegexOptions.NonBacktracking)]
    private static partial Regex ReadField();

    [GeneratedRegex("^Read the \"([^\"]+)\" value$", RegexOptions.NonBacktracking)]
    private static partial Regex ReadKey();
}
