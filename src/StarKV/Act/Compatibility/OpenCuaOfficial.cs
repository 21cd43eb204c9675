using System.Globalization;

namespace StarKV.Act.Compatibility;

/// <summary>Reads an answer as the public OpenCUA agent does for AgentNetBench: code lines, else code inside of lines; pixels become shares in the text.</summary>
public static class OpenCuaOfficial
{
    private static readonly string[] s_modules = ["pyautogui.", "computer."];

    /// <summary>The action text with relative points; null when there is no code.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="width">Width of the resized screenshot in pixels.</param>
    /// <param name="height">Its height.</param>
    public static string? ActionText(string answer, double width, double height)
    {
        var code = OpenCuaExtraction.CodeLines(answer) ?? Inside(answer);
        return code is null ? null : string.Join('\n', code.Split('\n').Select(line => Relative(line, width, height)));
    }

    /// <summary>The actions of an action text, numbers as they stand.</summary>
    public static IReadOnlyList<OpenCuaAction> Actions(string? actionText) => actionText is null ? [] : OpenCuaExtraction.Actions(actionText, 1, 1);

    private static string? Inside(string answer)
    {
        foreach (var prefix in s_modules)
        {
            var parts = answer.Split('\n').Select(l => l.Trim())
                .SelectMany(line => line.Split(prefix).Skip(1).Select(part => prefix + part.Trim())).ToList();
            if (parts.Count > 0)
                return string.Join('\n', parts);
        }

        return null;
    }

    // Numbers count as pixels when both are above 1. Other modules' points stay as they are.
    private static string Relative(string line, double width, double height) =>
        !line.StartsWith("pyautogui.", StringComparison.Ordinal) ? line : OpenCuaExtraction.Axes().Replace(line, axes =>
        {
            var (x, y) = (Parse(axes.Groups[1].Value), Parse(axes.Groups[2].Value));
            return x > 1 && y > 1 ? FormattableString.Invariant($"x={x / width}, y={y / height}") : axes.Value;
        });

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
