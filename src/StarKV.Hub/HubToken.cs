using StarKV.Files;

namespace StarKV.Hub;

/// <summary>Reads the hub's token where it comes in. No message holds any of it.</summary>
internal static class HubToken
{
    /// <summary>The token in a text, without the blanks around it; null for a text of blanks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it was given: a variable, a file, a property.</param>
    /// <exception cref="StarKvException">It holds something that cannot be a token.</exception>
    public static string? Read(string text, string source)
    {
        var token = text.Trim();
        if (token.AsSpan().ContainsAny('\r', '\n'))
            throw new StarKvException($"{source} holds more than one line; a token is one line. Put nothing but the token there.");
        var wrong = token.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (wrong >= 0)
            throw new StarKvException($"{source} is no token: its character {wrong + 1} is {Named(token[wrong])}, " +
                $"and a token has only letters, digits and signs of ASCII. Copy it again, or leave it out.");
        return token.Length > 0 ? token : null;
    }

    /// <summary>The token in a file; null when there is no file, or blanks in it.</summary>
    /// <exception cref="StarKvException">The file cannot be read, or holds something that cannot be a token.</exception>
    public static string? ReadFile(string path)
    {
        const long most = 64 << 10;
        return File.Exists(path) ? Read(PlainFile.ReadAllText(path, most), $"The token file {path}") : null;
    }

    private static string Named(char c) => c == ' ' ? "a blank" : $"U+{(int)c:X4}";
}
