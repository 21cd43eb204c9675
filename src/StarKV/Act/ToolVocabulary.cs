using System.Collections.Frozen;

namespace StarKV.Act;

/// <summary>
/// The actions and arguments of the tools <c>computer_use</c> and <c>mobile_use</c>, with the names that readers take for them.
/// </summary>
internal static class ToolVocabulary
{
    public const string Computer = "computer_use", Mobile = "mobile_use";

    // Left what the model writes, right the name in GuiAction.
    private static readonly FrozenDictionary<string, string> s_shared = Names(
        ("click", "click"), ("tap", "click"), ("type", "type"), ("wait", "wait"), ("answer", "finished"), ("terminate", "finished"),
        ("stop", "finished"), ("done", "finished"), ("interact", "call_user"), ("call_user", "call_user"), ("drag", "drag"));

    private static readonly FrozenDictionary<string, string> s_computer = Names(
        ("left_click", "click"), ("right_click", "right_single"), ("middle_click", "middle_click"), ("double_click", "left_double"),
        ("triple_click", "triple_click"), ("mouse_move", "hover"), ("left_click_drag", "drag"), ("scroll", "scroll"),
        ("hscroll", "hscroll"), ("key", "hotkey"), ("hotkey", "hotkey"));

    private static readonly FrozenDictionary<string, string> s_mobile = Names(
        ("long_press", "long_press"), ("swipe", "swipe"), ("key", "key"), ("system_button", "system_button"), ("open", "open_app"));

    private static readonly FrozenSet<string> s_arguments = FrozenSet.ToFrozenSet(
        ["action", "coordinate", "coordinate1", "coordinate2", "text", "keys", "pixels", "time", "button", "status"]);

    /// <summary>True for a tool whose calls are read.</summary>
    public static bool IsTool(string tool) => tool is Computer or Mobile;

    /// <summary>True for an argument that some action has.</summary>
    public static bool IsArgument(string name) => s_arguments.Contains(name);

    /// <summary>An action's name in <see cref="GuiAction"/>; null when the tool does not have it.</summary>
    /// <param name="tool">The tool; null for either.</param>
    /// <param name="action">The action as written.</param>
    public static string? Canonical(string? tool, string action) =>
        s_shared.GetValueOrDefault(action)
            ?? (tool is Mobile ? null : s_computer.GetValueOrDefault(action))
            ?? (tool is Computer ? null : s_mobile.GetValueOrDefault(action));

    private static FrozenDictionary<string, string> Names(params (string Written, string Name)[] names) =>
        names.ToFrozenDictionary(n => n.Written, n => n.Name, StringComparer.Ordinal);
}
