namespace StarKV.Cli.Commands.Chat;

/// <summary>What can be typed in a chat.</summary>
internal static class ChatHelp
{
    public const string Drop = "drop", Undo = "undo", Fork = "fork", Back = "back", Save = "save", Kv = "kv", Help = "help", Quit = "quit";

    /// <summary>The commands, without the slash.</summary>
    public static IReadOnlyList<string> Commands { get; } = [Drop, Undo, Fork, Back, Save, Kv, Help, Quit];

    /// <summary>Everything that can be typed, with what it does.</summary>
    public static IReadOnlyList<(string Typed, string Meaning)> Lines { get; } =
    [
        ("Enter", "shows the next screenshot of --images"),
        ("PATH [WORDS]", "shows a screenshot, with what you say about it; a path may be quoted, have blanks, or be a file:// address"),
        ("WORDS", "says something without a screenshot: a step of its own"),
        ($"/{Drop} [N]", "takes screenshot N out of the conversation with the next step; 1, the oldest, without N"),
        ($"/{Undo}", "takes the last step back"),
        ($"/{Fork}", "goes on in a fork of the session"),
        ($"/{Back}", "leaves the fork for the session that it was made from"),
        ($"/{Save} FILE", "writes the session into a file, for --restore"),
        ($"/{Kv}", "what the session holds, and which rows the last answer was written on"),
        ($"/{Help}", "this list"),
        ($"/{Quit}", "ends; so does the end of the input"),
        ("Ctrl-C", "ends the step that is under way, and otherwise the program"),
    ];
}
