using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>
/// Reads the points of an OpenCUA answer as the ScreenSpot programs of GUI-KV and STaR-KV do: the first two numbers of each call, whatever
/// they are.
/// </summary>
public static partial class OpenCuaGrounding
{
    private static readonly string[] s_calls =
    [
        "pyautogui.click", "pyautogui.moveTo", "pyautogui.dragTo", "pyautogui.doubleClick", "pyautogui.rightClick", "pyautogui.middleClick",
        "pyautogui.tripleClick",
        "computer.tripleClick",
    ];

    /// <summary>
    /// The points in shares of the resized screenshot, and the exception where the programs raise one; never throws on text.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="width">Width of the resized screenshot in pixels.</param>
    /// <param name="height">Its height.</param>
    public static (IReadOnlyList<ScreenPoint> Points, CompatibilityError? Error) Points(string answer, double width, double height)
    {
        return CompatibilityError.Guard(() => Read(answer, width, height), error => ([], error));
    }

    private static (IReadOnlyList<ScreenPoint> Points, CompatibilityError? Error) Read(string answer, double width, double height)
    {
        if (answer.Length == 0)
            return ([], new("TypeError", "an empty answer is not parsed"));
        var points = new List<ScreenPoint>();
        foreach (var line in answer.Split('\n').Select(l => l.Trim()).Where(
            l => s_calls.Any(call => l.StartsWith(call, StringComparison.Ordinal))))
        {
            var numbers = Numbers().Matches(line).Take(2).Select(m => PyText.Float(m.Value)).ToList();
            if (numbers.Count == 1)
                return ([], new("ValueError", $"one number in {line}"));
            if (numbers.Count == 2)
                points.Add(new(numbers[0] / width, numbers[1] / height));
        }

        return (points, null);
    }

    [GeneratedRegex(@"[-+]?\d*\.\d+|[-+]?\d+", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Numbers();
}
