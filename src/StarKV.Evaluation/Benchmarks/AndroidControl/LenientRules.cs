using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>
/// What STaR-KV's program forgives in addition to GUI-KV's rules. Pixels and relative points are those of the screenshot.
/// </summary>
internal static partial class LenientRules
{
    private static readonly string[] s_directions = ["down", "up", "left", "right"];
    private static readonly string[] s_backPhrases = ["navigate up", "navigate_up", "go back", "go_back"];

    /// <summary>True when the pixel is in the node's box, grown on all sides by 1.5 % of the shorter side, at least 8 px.</summary>
    public static bool InSoftBox(ScreenNode node, double x, double y, int width, int height) =>
        node.Contains(x, y, Math.Max(8, 0.015 * Math.Min(width, height)));

    /// <summary>True when the point is within 10 % of the shorter side, at least 72 px, of the true pixel in both axes.</summary>
    public static bool NearPoint(ScreenPoint point, double x, double y, int width, int height)
    {
        var max = Math.Max(72, 0.10 * Math.Min(width, height));
        return Math.Abs(point.X * width - x) <= max && Math.Abs(point.Y * height - y) <= max;
    }

    /// <summary>Where a scroll's direction is read: its argument when that has a direction word, else the whole answer.</summary>
    public static string DirectionSource(string direction, string answer) => Direction(direction) is null ? answer : direction;

    /// <summary>True when both directions are on one axis; without a direction word the texts are compared.</summary>
    public static bool SameAxis(string truth, string predicted) =>
        Direction(truth) is { } a && Direction(predicted) is { } b ? (a is "up" or "down") == (b is "up" or "down") : truth == predicted;

    /// <summary>
    /// True when the node's label contains the app's name: every word of at least 3 letters when there are several, else one of at least 4.
    /// </summary>
    public static bool AppInLabel(string app, ScreenNode node)
    {
        var words = Words(app).ToList();
        return words switch
        {
            [] => false,
            [var word] => word.Length >= 4 && Says(node, word),
            _ => words.All(word => Says(node, word)),
        };
    }

    /// <summary>True when the letters and digits of the label contain those of the app, at least 4.</summary>
    public static bool AppInCompactLabel(string app, ScreenNode node) =>
        Compact(WithoutArticle(app)) is { Length: >= 4 } name
            && Compact(node.Text + node.Description).Contains(name, StringComparison.Ordinal);

    /// <summary>True when the task names the app and the tap is not in the status bar (top 6 %) or at the right edge (3 %).</summary>
    /// <param name="app">The app's name.</param>
    /// <param name="task">Goal, step instruction and previous actions.</param>
    /// <param name="point">Where was tapped.</param>
    public static bool OpensNamedApp(string app, string task, ScreenPoint point)
    {
        var (name, text) = (WithoutArticle(app), task.ToLowerInvariant());
        return point.Y >= 0.06 && point.X <= 0.97 && name.Length > 0
            && (text.Contains(name, StringComparison.Ordinal) || Words(app).Any(word => text.Contains(word, StringComparison.Ordinal)));
    }

    /// <summary>True when the label means going back.</summary>
    public static bool IsBackLabel(ScreenNode node)
    {
        var label = node.Label.ToLowerInvariant();
        return s_backPhrases.Any(p => label.Contains(p, StringComparison.Ordinal)) || BackWord().IsMatch(label);
    }

    /// <summary>True when the tap is where a tool bar's back arrow may be.</summary>
    public static bool IsBackInToolbar(ScreenPoint point) => point.X is >= 0 and <= 0.16 && point.Y is >= 0 and <= 0.46;

    /// <summary>
    /// True when the tap is where going back is assumed if no node is known: in the upper left, or the upper right corner.
    /// </summary>
    public static bool IsBackWithoutNode(ScreenPoint point) => (point.X <= 0.30 && point.Y <= 0.36) || (point.X >= 0.80 && point.Y <= 0.14);

    private static string? Direction(string text) => s_directions.FirstOrDefault(d => text.Contains(d, StringComparison.OrdinalIgnoreCase));

    private static bool Says(ScreenNode node, string word) => node.Label.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string WithoutArticle(string app)
    {
        var name = app.Trim().ToLowerInvariant();
        return name.StartsWith("the ", StringComparison.Ordinal) ? name[4..] : name;
    }

    private static IEnumerable<string> Words(string app) =>
        Word().Matches(WithoutArticle(app)).Select(m => m.Value).Where(w => w.Length >= 3);

    private static string Compact(string text) => string.Concat(text.ToLowerInvariant().Where(char.IsLetterOrDigit));

    [GeneratedRegex(@"\w+", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\bback\b", RegexOptions.NonBacktracking)]
    private static partial Regex BackWord();
}
