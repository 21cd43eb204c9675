using StarKV.Act;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>How well one predicted action fits one true action of the same type, 0–1.</summary>
internal static class ActionScore
{
    // A point this far from the true one still counts in full; both axes are shares, so the unit square's diagonal is √2.
    private const double FreeRadius = 0.01, Decay = 120, FullTextSimilarity = 0.8;

    private static readonly string[] s_positions = ["click", "doubleclick", "rightclick", "tripleclick", "moveto", "dragto"];

    /// <summary>The name by which types are compared.</summary>
    public static string TypeOf(string name) => name.ToLowerInvariant() switch
    {
        "triple_click" => "tripleclick",
        var lower => lower,
    };

    /// <summary>The score; the types are not compared here.</summary>
    public static double Of(OpenCuaAction predicted, TrueAction truth) => TypeOf(truth.Type) switch
    {
        var type when s_positions.Contains(type) => predicted.Point is { } point ? Position(point, truth) : 0,
        "write" => Written(predicted.Text ?? "", truth.Text),
        "press" or "hotkey" => Keys(predicted.Keys).SetEquals(Keys(truth.Keys)) ? 1 : 0,
        "scroll" => 1,
        "terminate" => predicted.Text == truth.Status ? 1 : 0,
        _ => 0,
    };

    private static double Position(ScreenPoint point, TrueAction truth)
    {
        if (truth.Boxes.Any(b => b.Contains(point)))
            return 1;
        if (truth.Point is not { } target)
            return 0;
        var (x, y) = (point.X - target.X, point.Y - target.Y);
        var (distance, free) = (Math.Sqrt(x * x + y * y), FreeRadius * Math.Sqrt(2));
        return distance <= free ? 1 : Math.Exp(-Decay * (distance - free));
    }

    private static double Written(string predicted, string truth)
    {
        var (a, b) = (predicted.ToLowerInvariant().Trim(), truth.ToLowerInvariant().Trim());
        if (a == b)
            return 1;
        var similarity = 1 - (double)EditDistance.Of(a, b) / Math.Max(a.Length, b.Length);
        return similarity >= FullTextSimilarity ? 1 : similarity / FullTextSimilarity;
    }

    private static HashSet<string> Keys(IEnumerable<string>? keys) => [.. (keys ?? []).Select(k => k.ToLowerInvariant())];
}
