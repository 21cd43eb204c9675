using System.Numerics;
using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>Reads OpenCUA's pyautogui lines as the evaluation programs of GUI-KV and STaR-KV do, mistakes included.</summary>
/// <remarks>
/// AgentNetBench filters the lines first; AndroidControl and Mind2Web give the whole answer, with the same result. Known oddities, kept: a
/// <c>tripleClick</c> or <c>middleClick</c> is nothing, text ends at the first quote of either kind, a scroll with a position is nothing.
/// Never throws on text: where the programs raise ValueError, at <c>x=0.0.5</c> or <c>scroll(--5)</c>, the whole answer has no action.
/// </remarks>
public static partial class OpenCuaExtraction
{
    private static readonly string[] s_pointKinds = ["moveTo", "doubleClick", "rightClick", "dragTo"];

    /// <summary>The lines that hold code: those that begin with <c>pyautogui.</c> or <c>computer.</c>; null when there are none.</summary>
    public static string? CodeLines(string answer)
    {
        var lines = answer.Split('\n').Select(l => l.Trim()).Where(l => IsCode(l, "pyautogui.") || IsCode(l, "computer.")).ToList();
        return lines.Count > 0 ? string.Join('\n', lines) : null;
    }

    /// <summary>The actions of lines of code.</summary>
    /// <param name="code">Lines; those that are no code are passed over.</param>
    /// <param name="width">What a point's x is divided by: the resized screenshot's width in pixels, or 1.</param>
    /// <param name="height">What its y is divided by.</param>
    public static IReadOnlyList<OpenCuaAction> Actions(string code, double width, double height) => Read(code, width, height).Actions;

    /// <summary>The actions of lines of code, and the exception where the programs raise one; then there are none.</summary>
    /// <inheritdoc cref="Actions" path="/param"/>
    public static (IReadOnlyList<OpenCuaAction> Actions, CompatibilityError? Error) Read(string code, double width, double height)
    {
        try
        {
            return CompatibilityError.Guard<(IReadOnlyList<OpenCuaAction>, CompatibilityError?)>(
                () => ([.. code.Split('\n').SelectMany(line => OfLine(line.Trim(), width, height))], null), error => ([], error));
        }
        catch (PythonException raised)
        {
            return ([], new(raised.Name, raised.Message));
        }
    }

    private static IEnumerable<OpenCuaAction> OfLine(string line, double width, double height)
    {
        if (IsCode(line, "computer.terminate") && Status().Match(line) is { Success: true } status)
            return [new("terminate") { Text = status.Groups[1].Value }];
        var point = Axes().Match(line) is { Success: true } axes
            ? new ScreenPoint(Number(axes.Groups[1]) / width, Number(axes.Groups[2]) / height)
            : (ScreenPoint?)null;
        if (IsCode(line, "computer.triple_click") && point is not null)
            return [new("triple_click") { Point = point }];
        return IsCode(line, "pyautogui.") ? OfCall(line, point) : [];
    }

    private static IEnumerable<OpenCuaAction> OfCall(string line, ScreenPoint? point)
    {
        if (point is not null && PointKind(line) is { } kind)
            yield return new(kind) { Point = point };
        if (Message().Match(line) is { Success: true } message)
            yield return new("write") { Text = message.Groups[1].Value };
        else if (Written().Match(line) is { Success: true } written)
            yield return new("write") { Text = written.Groups[written.Groups[1].Success ? 1 : 2].Value };
        if (KeyList().Match(line) is { Success: true } list)
            yield return Pressed(
                Has(line, "hotkey"),
                KeyWord().Matches(list.Groups[1].Value).Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Value));
        else if (Has(line, "hotkey("))
            yield return Pressed(true, Quoted(line));
        else if (Has(line, "press(") && Quoted(Has(line, "press([") ? line : FirstQuoted(line)) is { Count: > 0 } keys)
            yield return Pressed(keys.Count > 1, keys);
        if (Scrolled().Match(line) is { Success: true } scroll)
            yield return new("scroll") { Amount = (int)BigInteger.Clamp(PyText.Int(scroll.Groups[1].Value), int.MinValue, int.MaxValue) };
    }

    private static string? PointKind(string line) =>
        Has(line, "click") && !Has(line, "doubleClick") && !Has(line, "rightClick") ? "click"
        : s_pointKinds.FirstOrDefault(k => Has(line, k));

    private static OpenCuaAction Pressed(bool together, IEnumerable<string> keys) => new(together ? "hotkey" : "press")
    {
        Keys = [.. keys.Select(k => k.Trim()).Select(k => k.ToLowerInvariant() is "cmd" or "command" ? "ctrl" : k)],
    };

    private static List<string> Quoted(string text) => [.. QuotedPart().Matches(text).Select(m => m.Groups[1].Value)];

    private static string FirstQuoted(string line) => QuotedPart().Match(line).Value;

    private static bool IsCode(string line, string start) => line.StartsWith(start, StringComparison.Ordinal);

    private static bool Has(string line, string part) => line.Contains(part, StringComparison.Ordinal);

    private static double Number(Group digits) => PyText.Float(digits.Value);

    [GeneratedRegex(@"status=['""](.+?)['""]", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Status();

    [GeneratedRegex(@"x=([\d.]+),\s*y=([\d.]+)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    internal static partial Regex Axes();

    [GeneratedRegex(@"message=['""](.+?)['""]", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Message();

    [GeneratedRegex(@"pyautogui\.write\((?:'(.*?)'|""(.*?)"")\)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Written();

    [GeneratedRegex(@"keys=\[(.*?)\]", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex KeyList();

    [GeneratedRegex(@"['""]([^'""]*)['""]|[^\s,'""]+", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex KeyWord();

    [GeneratedRegex(@"['""]([^'""]*)['""]", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex QuotedPart();

    [GeneratedRegex(@"pyautogui\.scroll\(([-\d]+)\)", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Scrolled();
}
