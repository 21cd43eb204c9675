using System.Buffers;
using System.Text;
using StarKV.Fuzz.Run;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Mutate;

/// <summary>Writes parts of answers by a loose grammar into an answer: labels, calls with arguments, odd numbers, brackets and quotes that do not pair, long runs.</summary>
internal sealed class AnswerCalls : IMutation
{
    private static readonly SearchValues<byte> s_boundaries = SearchValues.Create("()[]'\",= \n"u8);
    private const int LongestRun = 4096, LongestValue = 4;

    private static readonly string[] s_labels =
    [
        "Action: ", "Action:", "action: ", "Action：", "\nAction:\n", "Thought: ", "Thought:", "Reflection: ", "Action_Summary: ", "<Thought>", "</Thought>", "\nAction_Summary: ", "</Output>", "<think>", "</think>",
        "## Action:\n", "## Code:\n```python\n", "```", "```python\n", "```code\n", "# Step 1:\n", "<|im_end|>", "\n\n", "\n", ";", "<answer>", "Observation: ",
    ];

    private static readonly string[] s_names =
    [
        "click", "left_double", "right_single", "drag", "scroll", "type", "hotkey", "wait", "finished", "call_user", "long_press", "press_back", "press_home", "open_app", "pyautogui.click", "pyautogui.moveTo", "pyautogui.dragTo",
        "pyautogui.doubleClick", "pyautogui.rightClick", "pyautogui.tripleClick", "pyautogui.write", "pyautogui.typewrite", "pyautogui.press", "pyautogui.hotkey", "pyautogui.keyDown", "pyautogui.keyUp", "pyautogui.mouseDown",
        "pyautogui.mouseUp", "pyautogui.scroll", "pyautogui.hscroll", "computer.terminate", "computer.triple_click", "computer.tripleClick", "computer.wait", "time.sleep", "select", "answer", "no_such",
    ];

    private static readonly string[] s_arguments =
    [
        "start_box", "end_box", "start_point", "end_point", "point", "content", "direction", "key", "keys", "app_name", "x", "y", "amount", "clicks", "button", "duration", "message", "interval", "status", "text", "hold_keys", "a.b", "",
    ];

    private static readonly string[] s_numbers =
    [
        "0", "1", "-1", "0.5", "1.0", ".5", "5.", "0.0.5", "1..2", ".", "-", "--1", "+1", "1e3", "1e999", "-1e999", "1e-999", "1e", "1_000", "0x1F", "00012", "999999999999999999999999999999", "1000", "280", "NaN", "inf", "Infinity",
        "١٢", "１２", "²", "½", "1,5", "1 000", "-0", "0.1234567890123456789", "2147483648", "9223372036854775808", "1e400", "𝟙",
    ];

    private static readonly string[] s_texts =
    [
        "", "a", "ctrl", "ctrl c", "ctrl+shift+t", "Enter", "down", "up", "it's", "say \\\"x\\\"", "\\n", "\\\\", "\\", "\\x", "\\x4", "\\u12", "\\U0011FFFF", "\\N{DASH}", "\\777", "C:\\temp\\new", "日本", "\ud83d\ude00", "<point>1 2</point>", "<bbox>1 2 3 4</bbox>",
        "<|box_start|>(1,2)<|box_end|>", "(1,2)", "[1, 2, 3, 4]", "success", "failure", "f'{x}'", "{0}", "%s", "\u2028", "\ufeff", "\0", "\u0085", "ſ", "İ",
    ];

    private static readonly string[] s_pieces =
    [
        "(", ")", "[", "]", "{", "}", "'", "\"", "'''", "\"\"\"", "\\", ",", "=", ":", ".", " ", "\t", "#", "*", "**", "-", "not ", " if 1 else ", "lambda: 0", "f\"", "b'", "r'", "u'", "<", ">", "|",
    ];

    /// <inheritdoc/>
    public byte[] Change(byte[] input, Corpus corpus, SeededRandom random)
    {
        var at = Boundary(input, random);
        var part = Encoding.UTF8.GetBytes(Part(random));
        var over = random.Chance(0.3) ? random.Below(Math.Min(16, input.Length - at) + 1) : 0;
        return Edit.Replace(input, at, over, part);
    }

    private static string Part(SeededRandom random) => random.Below(9) switch
    {
        0 => random.Pick(s_labels),
        1 => Call(random),
        2 => $"{random.Pick(s_labels)}{Call(random)}",
        3 => $"{random.Pick(s_arguments)}={Value(random, 0)}",
        4 => random.Pick(s_numbers),
        5 => random.Pick(s_texts),
        6 => random.Pick(s_pieces),
        7 when random.Chance(0.2) => Repeated(random.Chance(0.5) ? random.Pick(s_pieces) : random.Pick(s_labels), random),
        _ => Value(random, 0),
    };

    private static string Call(SeededRandom random)
    {
        var call = new StringBuilder(random.Pick(s_names)).Append('(');
        for (var (count, i) = (random.Below(4), 0); i < count; i++)
            call.Append(i > 0 ? ", " : "").Append(random.Chance(0.7) ? $"{random.Pick(s_arguments)}=" : "").Append(Value(random, 0));
        return call.Append(random.Chance(0.9) ? ")" : "").ToString();
    }

    private static string Value(SeededRandom random, int depth) => random.Below(depth > 3 ? 4 : 7) switch
    {
        0 => random.Pick(s_numbers),
        1 => $"'{random.Pick(s_texts)}'",
        2 => $"\"{random.Pick(s_texts)}\"",
        3 => $"'({random.Pick(s_numbers)},{random.Pick(s_numbers)})'",
        4 => $"[{List(random, depth)}]",
        5 => $"({List(random, depth)})",
        _ => $"{random.Pick(s_names)}({List(random, depth)})",
    };

    private static string List(SeededRandom random, int depth) =>
        string.Join(", ", Enumerable.Range(0, random.Below(LongestValue)).Select(_ => Value(random, depth + 1)));

    private static string Repeated(string piece, SeededRandom random) =>
        new StringBuilder().Insert(0, piece, Math.Max(1, (1 << random.Below(13)) / Math.Max(1, piece.Length)) is var count && count * piece.Length <= LongestRun ? count : 1).ToString();

    // Where a word or a bracket ends, mostly: parts that land there keep the rest readable.
    private static int Boundary(byte[] input, SeededRandom random)
    {
        var at = random.Below(input.Length + 1);
        if (random.Chance(0.3))
            return at;
        var next = input.AsSpan(at).IndexOfAny(s_boundaries);
        return next < 0 ? input.Length : at + next + random.Below(2);
    }
}
