using System.Diagnostics;
using CsCheck;
using StarKV.Act;
using StarKV.Decode;
using StarKV.Text;

namespace StarKV.Tests.Act;

/// <summary>Answers with random changes: neither parser throws, and long ones take little time.</summary>
public sealed class MutatedAnswerTests
{
    private static readonly CoordinateMapper s_screen = CoordinateMapper.ForModelPixels(1920, 1080);

    private static readonly string[] s_answers =
    [
        "Thought: Go.\nAction: click(start_box='(483,273)')", "Action: type(content='''it's \"so\"''')\n\nhotkey(key=['ctrl', ','])",
        "Action: drag(start_box='<point>1 2</point>\", end_box=“(3,4)”)", "Action: type(content=r'C:\\new')",
        "```python\npyautogui.hotkey(['ctrl','c'])\npyautogui.write(message=('a' \"b\" + f'{c}'), interval=0.1)\n```",
        "pyautogui.write([\"h\", 'i', x[0]])\npyautogui.press(*('a', 'b'), presses=2)", "pyautogui.write(\"\"\"a\n'''b\"\"\" 'c')",
        "<think>a</think>Action: Go.\n<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"left_click\", \"coordinate\": [1, 2]}}\n</tool_call>",
        "<tool_call>{'name': 'mobile_use', 'arguments': {'action': 'type', 'text': 'it's', 'time': None}}",
        "<think>a</think><action>Scroll(start=(1,2), end=(3,4))</action><conclusion>b</conclusion>", "<action>Type(content='it's 5 (five), ok')</action>",
        "```json\n[{\"bbox_2d\": [1, 2, 3, 4], \"label\": \"a\"}]\n```", "[1,2],[3,4] is it",
        "pyautogui.mouseDown(x=1, y=0.5)\npyautogui.moveTo((100, 200))\npyautogui.mouseUp(button=pyautogui.RIGHT)",
    ];

    private static readonly string[] s_scraps =
    [
        "'", "\"", "'''", "\"\"\"", "(", ")", "[", "]", "{", "}", ",", "=", "+", "\\", "\n", "#", "r'", "f'", "“", "”", "1", ".", " ", "x", "é", "\ud83d",
        "<think>", "</think>", "<tool_call>", "</tool_call>", "<action>", "</action>", "-", ":", "e9",
    ];

    private static readonly Gen<string> s_mutated = Gen.Select(
        One(s_answers), Gen.Select(Gen.Double[0, 1], Gen.Int[0, 6], One(s_scraps)).Array[0, 6], (answer, changes) =>
        {
            foreach (var (place, cut, scrap) in changes)
            {
                var at = (int)(place * answer.Length);
                answer = answer[..at] + scrap + answer[Math.Min(at + cut, answer.Length)..];
            }

            return answer;
        });

    private static Gen<string> One(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public void No_change_makes_a_parser_throw_and_an_answer_without_actions_has_a_reason() =>
        Gen.Select(s_mutated, Gen.Enum<ActionLanguage>(), Gen.Enum<FinishReason>()).Sample(
            (text, language, finish) =>
            {
                var answer = ActionParser.Parse(language, text, s_screen, finish);
                return answer.Actions.Count > 0 || answer.Reason is not null;
            },
            iter: 20_000);

    [Theory]
    [InlineData("pyautogui.a(")]
    [InlineData("pyautogui.a(\n")]
    [InlineData("pyautogui.a(x,\n")]
    [InlineData("pyautogui.a('''x\"\"\"\n")]
    [InlineData("pyautogui.a([[(\n")]
    [InlineData("pyautogui.a('b\n")]
    [InlineData("pyautogui.a('b', ")]
    [InlineData("pyautogui.a(\"\"\"\\")]
    [InlineData("pyautogui.write('a' + \n")]
    [InlineData("type('''")]
    [InlineData("type(content='a\")\n")]
    [InlineData("hotkey(key=['a',\n")]
    [InlineData("Action: click(start_box='(1,2\"\n")]
    [InlineData("<tool_call>")]
    [InlineData("<tool_call>{\"")]
    [InlineData("<tool_call>{'a': 'b', ")]
    [InlineData("<tool_call>{\"a\": [[[[")]
    [InlineData("{\"action\": \"")]
    [InlineData("{'action': ' ")]
    [InlineData("<think>")]
    [InlineData("</think>")]
    [InlineData("<action>")]
    [InlineData("<action>Type(content='a', app=\"b ")]
    [InlineData("Type(content='")]
    [InlineData("Click(box=(1,")]
    [InlineData("[1, 2")]
    [InlineData("[[1,")]
    [InlineData("[1, 2], ")]
    public void Long_answers_of_one_kind_take_little_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 16_000 / piece.Length));
        foreach (var language in Enum.GetValues<ActionLanguage>())
        {
            var watch = Stopwatch.StartNew();
            ActionParser.Parse(language, text, s_screen);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{language}: {watch.Elapsed}");
        }
    }
}
