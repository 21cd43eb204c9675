namespace StarKV.Text;

/// <summary>The form in which a model writes its actions.</summary>
public enum ActionLanguage
{
    /// <summary>Calls such as <c>click(start_box='(12,34)')</c> after <c>Action:</c>; read by <c>UiTarsActionParser</c>.</summary>
    UiTars,

    /// <summary>Lines of pyautogui code; read by <c>OpenCuaActionParser</c>.</summary>
    OpenCua,

    /// <summary>
    /// JSON between <c>&lt;tool_call&gt;</c> and its end tag, of the tools <c>computer_use</c> and <c>mobile_use</c>: GUI-Owl-1.5 and
    /// Qwen3-VL; read by <c>ToolCallParser</c>.
    /// </summary>
    ToolCall,

    /// <summary>
    /// Calls such as <c>Click(box=(12,34))</c> between <c>&lt;action&gt;</c> and its end tag; read by <c>UiVenusParser</c>.
    /// </summary>
    UiVenus,

    /// <summary>
    /// A place and no action: <c>[12,34]</c> of UI-Venus-1.5, <c>point_2d</c> and <c>bbox_2d</c> of Qwen3-VL; read by <c>PointParser</c>.
    /// </summary>
    Point,
}
