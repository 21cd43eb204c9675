using System.Collections.Frozen;

namespace StarKV.Act;

/// <summary>The names of actions and arguments in the UI-TARS languages, with the aliases of their executors.</summary>
internal static class ActionVocabulary
{
    private static readonly FrozenSet<string> s_actions = FrozenSet.ToFrozenSet(
    [
        "click", "left_double", "right_single", "middle_click", "hover", "drag", "scroll", "select", "type", "hotkey", "press", "release",
        "wait", "finished", "call_user", "user_stop", "error_env", "navigate", "navigate_back", "long_press", "open_app",
        "press_home", "press_back",
    ]);

    private static readonly FrozenDictionary<string, string> s_aliases = new Dictionary<string, string>
    {
        ["left_click"] = "click",
        ["left_single"] = "click",
        ["double_click"] = "left_double",
        ["right_click"] = "right_single",
        ["mouse_move"] = "hover",
        ["left_click_drag"] = "drag",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> s_startNames = FrozenSet.ToFrozenSet(
        ["start_box", "start_point", "start", "point", "box", "bbox", "coordinate", "coordinates", "position"]);

    private static readonly FrozenSet<string> s_endNames = FrozenSet.ToFrozenSet(["end_box", "end_point", "end"]);

    private static readonly FrozenSet<string> s_textNames =
        FrozenSet.ToFrozenSet(["content", "text", "app_name", "app", "url", "value", "message"]);

    private static readonly FrozenSet<string> s_keyNames = FrozenSet.ToFrozenSet(["key", "keys", "hotkey"]);

    private static readonly FrozenSet<string> s_timeNames = FrozenSet.ToFrozenSet(["time", "seconds", "duration"]);

    /// <summary>The name without capitals and aliases.</summary>
    public static string Canonical(string name)
    {
        var lower = name.ToLowerInvariant();
        return s_aliases.GetValueOrDefault(lower, lower);
    }

    /// <summary>True for an action of one of the known languages.</summary>
    public static bool IsAction(string name) => s_actions.Contains(Canonical(name));

    /// <summary>True for the name of an argument that some action has.</summary>
    public static bool IsArgument(string name) =>
        IsStart(name) || IsEnd(name) || IsText(name) || IsKeys(name) || IsTime(name) || name == "direction";

    public static bool IsStart(string name) => s_startNames.Contains(name);

    public static bool IsEnd(string name) => s_endNames.Contains(name);

    public static bool IsText(string name) => s_textNames.Contains(name);

    public static bool IsKeys(string name) => s_keyNames.Contains(name);

    public static bool IsTime(string name) => s_timeNames.Contains(name);

    /// <summary>True when the action, under its canonical name, cannot be carried out without a point.</summary>
    public static bool NeedsPoint(string action) => action is "click" or "left_double" or "right_single" or "middle_click" or "hover"
        or "drag" or "long_press" or "select";

    /// <summary>The argument that a positional word of the action fills; null when there is none.</summary>
    public static string? PositionalName(string action) => action switch
    {
        "type" or "finished" or "open_app" or "navigate" => "content",
        "hotkey" or "press" or "release" => "key",
        "scroll" => "direction",
        "wait" => "time",
        _ => null,
    };
}
