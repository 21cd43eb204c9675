using System.Text.RegularExpressions;

namespace StarKV.Evaluation.Released;

/// <summary>
/// Reads an answer as the public OpenCUA agent does for AgentNetBench: code lines, else code inside of lines; pixels become shares in the
/// text.
/// </summary>
/// <remarks>
/// Never throws on text. A point whose numbers <c>float</c> refuses, such as <c>x=0.0.5</c>, stays as it is in the text, as the agent
/// leaves it; then
/// the extraction raises ValueError, which is no action here.
/// </remarks>
public static class OpenCuaOfficial
{
    private static readonly string[] s_modules = ["pyautogui.", "computer."];

    /// <summary>
    /// The action text with relative points; null when there is no code, and for an answer that takes too long to search.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="width">Width of the resized screenshot in pixels.</param>
    /// <param name="height">Its height.</param>
    public static string? ActionText(string answer, double width, double height) =>
        CompatibilityError.Guard(() => Text(answer, width, height), _ => null);

    /// <summary>The actions of an action text, numbers as they stand.</summary>
    public static IReadOnlyList<OpenCuaAction> Actions(string? actionText) =>
        actionText is null ? [] : OpenCuaExtraction.Actions(actionText, 1, 1);

    private static string? Text(string answer, double width, double height)
    {
        var code = OpenCuaExtraction.CodeLines(answer) ?? Inside(answer);
        return code is null ? null : string.Join('\n', code.Split('\n').Select(line => Relative(line, width, height)));
    }

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

    // Only a line's first point is changed. Numbers count as pixels when both are above 1. Other modules' points stay as they are.
    private static string Relative(string line, double width, double height) => line.StartsWith("pyautogui.", StringComparison.Ordinal)
        ? OpenCuaExtraction.Axes().Replace(line, axes => Relative(axes, width, height) ?? axes.Value, 1)
        : line;

    private static string? Relative(Match axes, double width, double height)
    {
        try
        {
            var (x, y) = (PyText.Float(axes.Groups[1].Value), PyText.Float(axes.Groups[2].Value));
            return x > 1 && y > 1 ? $"x={DoubleText.Python(x / width)}, y={DoubleText.Python(y / height)}" : null;
        }
        catch (PythonException)
        {
            return null;
        }
    }
}
