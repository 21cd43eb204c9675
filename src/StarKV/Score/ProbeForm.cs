using StarKV.Text;

namespace StarKV.Score;

/// <summary>
/// The beginning of an action that a <see cref="Probe"/> reads as if it were the answer, up to what the answer has to find out.
/// </summary>
public enum ProbeForm
{
    /// <summary>A click at a filler point, written out.</summary>
    Point,

    /// <summary>A click up to where its point begins.</summary>
    Open,

    /// <summary>Typing up to where the text begins.</summary>
    Type,

    /// <summary>A drag from a filler point, up to where its other end begins.</summary>
    Drag,

    /// <summary>Scrolling down, at a filler point where the language has one.</summary>
    Scroll,

    /// <summary>Keys up to where their names begin.</summary>
    Keys,

    /// <summary>The end of the task. It points at nothing.</summary>
    Finish,
}

/// <summary>Whose answers a <see cref="Probe"/> begins.</summary>
public enum ProbeGrammar
{
    /// <summary>Those that the prompt asks for.</summary>
    Prompt,

    /// <summary>UI-TARS, the action alone.</summary>
    UiTars,

    /// <summary>UI-TARS, the action behind a thought.</summary>
    UiTarsThought,

    /// <summary>OpenCUA, the code alone.</summary>
    OpenCua,

    /// <summary>OpenCUA, the code behind its heading.</summary>
    OpenCuaHeaded,
}

/// <summary>The texts of a probe's forms.</summary>
internal static class ProbeForms
{
    /// <summary>The text that a form begins an answer with.</summary>
    /// <param name="form">The form.</param>
    /// <param name="answers">How answers are laid out.</param>
    /// <param name="x">The filler point, in the numbers of the model.</param>
    /// <param name="y">Its other number.</param>
    public static string Text(ProbeForm form, AnswerStyle answers, int x, int y) => answers.Actions switch
    {
        ActionLanguage.OpenCua => $"{(answers.WordsFirst ? "## Code:\n```python\n" : "")}{OpenCua(form, x, y)}",
        ActionLanguage.ToolCall => $"{(answers.WordsFirst ? "Action: ...\n" : "")}<tool_call>\n{Call(form, answers.Tool, x, y)}",
        ActionLanguage.UiVenus => $"{(answers.WordsFirst ? "<think>...</think>\n" : "")}<action>{UiVenus(form, x, y)}",
        // A place is all that the answer has.
        ActionLanguage.Point => form is ProbeForm.Point ? FormattableString.Invariant($"[{x},{y}]") : "[",
        _ => $"{(answers.WordsFirst ? "Thought: ...\nAction: " : "Action: ")}{UiTars(form, x, y)}",
    };

    /// <summary>How answers are laid out in a grammar.</summary>
    /// <param name="grammar">The grammar.</param>
    /// <param name="prompt">How the prompt asks for them.</param>
    public static AnswerStyle Style(ProbeGrammar grammar, AnswerStyle prompt) => grammar switch
    {
        ProbeGrammar.Prompt => prompt,
        ProbeGrammar.UiTars => new AnswerStyle(ActionLanguage.UiTars, WordsFirst: false),
        ProbeGrammar.UiTarsThought => new AnswerStyle(ActionLanguage.UiTars, WordsFirst: true),
        ProbeGrammar.OpenCua => new AnswerStyle(ActionLanguage.OpenCua, WordsFirst: false),
        _ => new AnswerStyle(ActionLanguage.OpenCua, WordsFirst: true),
    };

    private static string UiTars(ProbeForm form, int x, int y) => form switch
    {
        ProbeForm.Point => FormattableString.Invariant($"click(start_box='({x},{y})')"),
        ProbeForm.Open => "click(start_box='(",
        ProbeForm.Type => "type(content='",
        ProbeForm.Drag => FormattableString.Invariant($"drag(start_box='({x},{y})', end_box='("),
        ProbeForm.Scroll => FormattableString.Invariant($"scroll(start_box='({x},{y})', direction='down')"),
        ProbeForm.Keys => "hotkey(key='",
        _ => "finished()",
    };

    private static string Call(ProbeForm form, string? tool, int x, int y)
    {
        var action = tool == "mobile_use" ? Mobile(form, x, y) : Computer(form, x, y);
        return $$"""{"name": "{{tool ?? "computer_use"}}", "arguments": {"action": {{action}}""";
    }

    private static string Computer(ProbeForm form, int x, int y) => form switch
    {
        ProbeForm.Point => FormattableString.Invariant($"\"left_click\", \"coordinate\": [{x}, {y}]}}}}\n</tool_call>"),
        ProbeForm.Open => "\"left_click\", \"coordinate\": [",
        ProbeForm.Type => "\"type\", \"text\": \"",
        ProbeForm.Drag => "\"left_click_drag\", \"coordinate\": [",
        ProbeForm.Scroll => "\"scroll\", \"pixels\": -5}}\n</tool_call>",
        ProbeForm.Keys => "\"key\", \"keys\": [\"",
        _ => "\"terminate\", \"status\": \"success\"}}\n</tool_call>",
    };

    private static string Mobile(ProbeForm form, int x, int y) => form switch
    {
        ProbeForm.Point => FormattableString.Invariant($"\"click\", \"coordinate\": [{x}, {y}]}}}}\n</tool_call>"),
        ProbeForm.Open => "\"click\", \"coordinate\": [",
        ProbeForm.Type => "\"type\", \"text\": \"",
        ProbeForm.Drag or ProbeForm.Scroll => FormattableString.Invariant($"\"swipe\", \"coordinate\": [{x}, {y}], \"coordinate2\": ["),
        ProbeForm.Keys => "\"system_button\", \"button\": \"",
        _ => "\"terminate\", \"status\": \"success\"}}\n</tool_call>",
    };

    private static string UiVenus(ProbeForm form, int x, int y) => form switch
    {
        ProbeForm.Point => FormattableString.Invariant($"Click(box=({x},{y}))</action>"),
        ProbeForm.Open => "Click(box=(",
        ProbeForm.Type => "Type(content='",
        ProbeForm.Drag => FormattableString.Invariant($"Drag(start=({x},{y}), end=("),
        ProbeForm.Scroll => "Scroll(direction='down')</action>",
        ProbeForm.Keys => "Hotkey(keys=['",
        _ => "Finished(content='",
    };

    private static string OpenCua(ProbeForm form, int x, int y) => form switch
    {
        ProbeForm.Point => FormattableString.Invariant($"pyautogui.click(x={x}, y={y})"),
        ProbeForm.Open => "pyautogui.click(x=",
        ProbeForm.Type => "pyautogui.write(message='",
        ProbeForm.Drag => FormattableString.Invariant($"pyautogui.moveTo(x={x}, y={y})\npyautogui.dragTo(x="),
        ProbeForm.Scroll => "pyautogui.scroll(-5)",
        ProbeForm.Keys => "pyautogui.hotkey(['",
        _ => "computer.terminate(status='success')",
    };
}
