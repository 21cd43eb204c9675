using System.Text.Json;
using CsCheck;

namespace StarKV.Evaluation.Tests.Released;

/// <summary>Answers that nobody would write: the answers of the conformance vectors with random changes, and scraps of all languages repeated.</summary>
internal static class HostileAnswers
{
    /// <summary>What the languages are made of, and what has no business in them.</summary>
    private static readonly string[] s_scraps =
    [
        "'", "\"", "'''", "\"\"\"", "(", ")", "[", "]", "{", "}", ",", "=", "+", "\\", "\n", "\r", "\n\n", "#", "r'", "f'", "b\"", "“", "”", "‘", "1", ".",
        " ", "\t", "x", "é", "\ud83d", "\0", "٣", "-", "_", ":", "：", ";", "`", "```", "\u2028", "\u0085", "\ufeff", "\v", "Action:", "Action: ", "Thought:",
        "Thought: ", "Reflection: ", "Action_Summary: ", "<think>", "</think>", "<thought>", "</thought>", "<Thought>", "</Thought>", "</Output>", "<point>",
        "</point>", "<bbox>", "</bbox>", "<|box_start|>", "<|im_end|>", "[EOS]", "\nAction:", "\nThought:", "\nReflection:", "\nAction_Summary:", "click",
        "click(", "type(", "type(content='", "start_box='", "point=", "')", "')\n\n", "key='", "hotkey(", "a=", "='", "1,2", "(1,2)", "0.0.5", "1e999",
        "pyautogui.", "computer.", "pyautogui.click(", "pyautogui.write(", "pyautogui.write('", "pyautogui.hotkey(", "pyautogui.press(", "keys=[", "message='",
        "x=1, y=2", "x=", "status='", "pyautogui.scroll(", "--5", "computer.terminate(", "```python\n", "and ", "if ", "else ", "write ", "tap ", "0x", "1_",
    ];

    /// <summary>The answers of the vectors.</summary>
    public static readonly string[] Written = [.. Predictions("uitars_parser_cases.json", "prediction"), .. Predictions("opencua_parser_cases.json", "response")];

    /// <summary>An answer of the vectors in which up to eight places are replaced by scraps or by pieces of another answer.</summary>
    public static readonly Gen<string> Mutated = Gen.Select(
        One(Written), Gen.Select(Gen.Double[0, 1], Gen.Int[0, 12], Gen.OneOf(One(s_scraps), Gen.Select(One(Written), Gen.Double[0, 1], Slice))).Array[0, 8],
        (answer, changes) =>
        {
            foreach (var (place, cut, scrap) in changes)
            {
                var at = (int)(place * answer.Length);
                answer = answer[..at] + scrap + answer[Math.Min(at + cut, answer.Length)..];
            }

            return answer;
        });

    /// <summary>Scraps in front, scraps that are repeated, and scraps behind.</summary>
    public static readonly Gen<(string Front, string Piece, string Behind)> Repeated = Gen.Select(Scraps(0, 4), Scraps(1, 4), Scraps(0, 3));

    /// <summary>The text of about <paramref name="length"/> characters.</summary>
    public static string Repeat((string Front, string Piece, string Behind) parts, int length) =>
        parts.Front + string.Concat(Enumerable.Repeat(parts.Piece, length / parts.Piece.Length)) + parts.Behind;

    private static Gen<string> Scraps(int fewest, int most) => One(s_scraps).Array[fewest, most].Select(string.Concat);

    private static Gen<string> One(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Slice(string text, double place)
    {
        var at = (int)(place * text.Length);
        return text[at..Math.Min(at + 40, text.Length)];
    }

    private static List<string> Predictions(string file, string member)
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "cases", file)));
        return [.. vectors.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("input").GetProperty(member).GetString()!)];
    }
}
