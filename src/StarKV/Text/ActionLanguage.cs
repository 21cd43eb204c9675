namespace StarKV.Text;

/// <summary>The form in which a model writes its actions.</summary>
public enum ActionLanguage
{
    /// <summary>Calls such as <c>click(start_box='(12,34)')</c> after <c>Action:</c>; read by <c>UiTarsActionParser</c>.</summary>
    UiTars,

    /// <summary>Lines of pyautogui code; read by <c>OpenCuaActionParser</c>.</summary>
    OpenCua,
}
