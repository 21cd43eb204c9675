using System.Globalization;
using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>What STaR-KV's program makes of a UI-TARS answer that its parser refuses.</summary>
/// <remarks>
/// Never throws on text. Known oddity, kept: points are divided by the
/// screenshot's own size, though the model counts pixels of the resized one.
/// </remarks>
internal static partial class UiTarsRescue
{
    private static readonly string[] s_directions = ["down", "up", "left", "right"];

    /// <summary>Guesses.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="width">Width of the screenshot in pixels.</param>
    /// <param name="height">Its height.</param>
    public static PhoneAction Of(string answer, int width, int height)
    {
        var line = Label().Match(answer) is { Success: true } label ? label.Groups[1].Value : answer;
        var lower = line.ToLowerInvariant();
        if (Has("press_back"))
            return new("press_back");
        if (Has("wait("))
            return new("wait");
        if (Has("finished("))
            return new("finished", Content: GoalStatus.Of(Content().Match(line).Groups[1].Value));
        if (Has("type("))
            return new("type", Content: Content().Match(line).Groups[1].Value);
        if (Has("scroll("))
            return new(
                "scroll",
                Direction: Direction().Match(lower) is { Success: true } named
                    ? named.Groups[1].Value
                    : s_directions.FirstOrDefault(d => answer.Contains(d, StringComparison.OrdinalIgnoreCase)) ?? "");
        return Has("click(") ? new("click", PointOf(line, answer, width, height))
            : Has("long_press(") ? new("long_press", PointOf(line, answer, width, height))
            : PhoneAction.None;

        bool Has(string call) => lower.Contains(call, StringComparison.Ordinal);
    }

    private static ScreenPoint? PointOf(string line, string answer, int width, int height)
    {
        var pairs = Pair().Matches(line) is { Count: > 0 } near ? near : Pair().Matches(answer);
        return pairs.Count == 0 ? null : new ScreenPoint(Share(1, width), Share(2, height));

        double Share(int group, int size) => Math.Clamp(Number(pairs[^1].Groups[group].Value), 0, size) / size;
        // Digits of every script, as the program reads them.
        double Number(string digits) =>
            double.Parse(string.Concat(digits.Select(CharUnicodeInfo.GetDecimalDigitValue)), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("Action:[ \t]*([^\n]*)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Label();

    [GeneratedRegex(@"content\s*=\s*['""]([^'""]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Content();

    [GeneratedRegex(@"direction\s*=\s*['""]?(down|up|left|right)", RegexOptions.NonBacktracking)]
    private static partial Regex Direction();

    [GeneratedRegex(@"(\d+)\s*,\s*(\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex Pair();
}
