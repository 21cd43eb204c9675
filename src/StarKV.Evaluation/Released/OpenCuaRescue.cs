using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>
/// What STaR-KV's programs guess from prose when an OpenCUA answer holds no code. Almost anything becomes a click somewhere; not for strict
/// results.
/// </summary>
/// <param name="Operation">The guessed action; empty for an empty answer.</param>
/// <param name="Point">Where, in shares of the original screenshot; null when the action has no point.</param>
/// <param name="Direction">Direction of a scroll, else empty.</param>
/// <param name="Content">Text to type, else empty.</param>
public sealed partial record OpenCuaRescue(string Operation, ScreenPoint? Point, string Direction, string Content)
{
    private static readonly (string Operation, string[] Words)[] s_rules =
    [
        ("press_back", ["press back", "go back", "navigate back", "back button", "return to"]),
        ("wait", ["wait", "pause", "sleep", "loading"]),
        ("scroll", ["scroll", "swipe", "slide"]),
        ("type", ["type", "write", "enter", "input", "fill"]),
        ("long_press", ["long press", "hold", "long-press"]),
        ("click", ["click", "tap", "press", "select"]),
    ];

    /// <summary>Guesses; never throws on text.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="width">Width of the original screenshot in pixels.</param>
    /// <param name="height">Its height.</param>
    public static OpenCuaRescue Of(string answer, int width, int height) =>
        CompatibilityError.Guard(() => Guess(answer, width, height), _ => new("", null, "", ""));

    private static OpenCuaRescue Guess(string answer, int width, int height)
    {
        var text = answer.ToLowerInvariant();
        var operation = s_rules.FirstOrDefault(rule => HasAny(text, rule.Words)).Operation ?? "";
        return new(
            operation,
            operation is "click" or "long_press" ? PointOf(text, width, height) : null,
            operation == "scroll" ? DirectionOf(text) : "",
            operation == "type" ? ContentOf(answer) : "");
    }

    private static string DirectionOf(string text) =>
        HasAny(text, "down", "bottom")
            ? "down"
            : HasAny(text, "up", "top")
            ? "up"
            : HasAny(text, "left")
            ? "left"
            : HasAny(text, "right")
            ? "right"
            : "down";

    private static string ContentOf(string answer) => QuotedPart().Matches(answer) is { Count: > 0 } quoted
        ? quoted[^1].Groups[1].Value
        : BehindVerb().Match(answer) is { Success: true } rest ? rest.Groups[1].Value.Trim() : "";

    private static ScreenPoint PointOf(string text, int width, int height)
    {
        var (x, y) = (0.5, 0.5);
        var (top, bottom, left, right) = (HasAny(text, "top", "upper", "header"), HasAny(
            text, "bottom", "lower", "footer"), HasAny(text, "left"), HasAny(text, "right"));
        var isCorner = Corner().Match(text);
        if (isCorner.Success)
            (x, y) = (isCorner.Groups[2].Value == "left" ? 0.1 : 0.9, isCorner.Groups[1].Value is "top" or "upper" ? 0.1 : 0.9);
        else
            (x, y) = (left ? 0.2 : right ? 0.8 : x, top ? 0.15 : bottom ? 0.85 : y);

        var pairs = Pair().Matches(text);
        if (pairs.Count == 0)
            pairs = Axes().Matches(text);
        if (pairs.Count == 0)
            return new(x, y);
        double Share(int group, int size) => Math.Clamp(PyText.Float(pairs[^1].Groups[group].Value), 0, size) / size;
        return new(Share(1, width), Share(2, height));
    }

    private static bool HasAny(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"['""]([^'""]*)['""]", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex QuotedPart();

    [GeneratedRegex(
        @"(?:type|write|enter)\s+([^.]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit.Milliseconds)]
    private static partial Regex BehindVerb();

    [GeneratedRegex(@"(top|upper|bottom|lower)[- ](left|right)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Corner();

    // Without its first part each digit of a long number would be tried as the first one.
    [GeneratedRegex(@"(?<!\d)(\d+)\s*,\s*(\d+)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Pair();

    [GeneratedRegex(@"x=(-?\d+),\s*y=(-?\d+)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Axes();
}
