using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>The names of keys, and the keys of a combination such as <c>ctrl c</c>, <c>Ctrl+C</c> or <c>['ctrl', 'c']</c>.</summary>
internal static partial class KeyNames
{
    // Those of pyautogui, and other spellings that models write. Underscores, hyphens and blanks are left out.
    private static readonly FrozenSet<string> s_known = FrozenSet.ToFrozenSet(
    [
        "accept", "add", "alt", "altgr", "altleft", "altright", "apps", "arrowdown", "arrowleft", "arrowright", "arrowup", "back",
        "backspace", "browserback", "browserfavorites", "browserforward", "browserhome", "browserrefresh", "browsersearch",
        "browserstop", "capslock", "clear", "cmd", "comma", "command", "control", "convert", "ctrl", "ctrlleft", "ctrlright",
        "decimal", "del", "delete", "divide", "down", "end", "enter", "equal", "esc", "escape", "execute", "final", "fn", "hanguel",
        "hangul", "hanja", "help", "home", "ins", "insert", "junja", "kana", "kanji", "launchapp1", "launchapp2", "launchmail",
        "launchmediaselect", "left", "menu", "meta", "minus", "modechange", "multiply", "nexttrack", "nonconvert", "numlock",
        "option", "optionleft", "optionright", "pagedown", "pageup", "pause", "period", "pgdn", "pgup", "playpause", "plus",
        "power", "prevtrack", "print", "printscreen", "prntscrn", "prtsc", "prtscr", "return", "right", "scrolllock", "select",
        "separator", "shift", "shiftleft", "shiftright", "sleep", "space", "spacebar", "stop", "subtract", "super", "tab", "up",
        "volumedown", "volumemute", "volumeup", "win", "windows", "winleft", "winright", "yen",
    ]);

    /// <summary>True for a single character, a function or number key, and every name in use.</summary>
    public static bool IsKnown(string key) =>
        new StringInfo(key).LengthInTextElements == 1 || Numbered().IsMatch(key) || s_known.Contains(Joiners().Replace(key, ""));

    /// <summary>The keys of a combination in lower case.</summary>
    /// <remarks>A comma or plus sign joins keys, unless it is the whole text or stands alone at its end.</remarks>
    public static IReadOnlyList<string> Split(string combination)
    {
        var text = combination.Trim();
        if (text is ['[' or '(', _, ..])
            return PythonReader.Whole(text) is { Kind: PythonKind.List } list
                ? [.. list.Items.Select(i => Name(i.Value)).Where(k => k != "")]
                : OfBrokenList(text);
        var keys = new List<string>();
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var (word, last) = (words[i], "");
            if (i == words.Length - 1 && LastSign().Match(word) is { Success: true } sign) (word, last) = (word[..sign.Index], sign.Value);
            keys.AddRange(word.Split(['+', ','], StringSplitOptions.RemoveEmptyEntries).Select(Bare).Where(k => k != ""));
            if (last != "") keys.Add(last);
        }

        return keys;
    }

    /// <summary>The quoted words of a list that does not end.</summary>
    public static IReadOnlyList<string> OfBrokenList(string list) =>
        [.. Separators().Split(list).Select(Bare).Where(k => k != "")];

    /// <summary>A key in lower case; keys that are written as the character they type have a name.</summary>
    public static string Name(string key) => key switch
    {
        " " => "space",
        "\t" => "tab",
        "\n" or "\r" => "enter",
        _ => key.Trim().ToLowerInvariant(),
    };

    private static string Bare(string word) => Name(word.Length > 1 ? word.Trim('\'', '"') : word);

    [GeneratedRegex(
        @"\A(?:f[1-9]|f1[0-9]|f2[0-4]|num(?:pad)?_?[0-9])\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        MatchLimit.Milliseconds)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"[-_ ]", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Joiners();

    // The key after "ctrl +", "ctrl++", "ctrl ,", "ctrl+," and "+".
    [GeneratedRegex(@"(?:\A|(?<=\+))[+,]\z|\+\z", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex LastSign();

    [GeneratedRegex(@"[\[\](),\s]+", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Separators();
}
