namespace StarKV.Act;

/// <summary>The form in which a model writes its actions.</summary>
public enum ActionLanguage
{
    /// <summary>Calls such as <c>click(start_box='(12,34)')</c> behind <c>Action:</c>; read by <see cref="UiTarsActionParser"/>.</summary>
    UiTars,

    /// <summary>Lines of pyautogui code; read by <see cref="OpenCuaActionParser"/>.</summary>
    OpenCua,
}
