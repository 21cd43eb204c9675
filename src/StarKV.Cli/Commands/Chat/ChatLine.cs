using StarKV.Files;

namespace StarKV.Cli.Commands.Chat;

/// <summary>What a typed line asks for.</summary>
internal abstract record ChatLine
{
    private ChatLine()
    {
    }

    /// <summary>An empty line: the next of the screenshots that were given.</summary>
    public sealed record Next : ChatLine;

    /// <summary>A screenshot, and words about it; null for none.</summary>
    public sealed record Show(string Path, string? Words) : ChatLine;

    /// <summary>Words alone.</summary>
    public sealed record Say(string Words) : ChatLine;

    /// <summary>A command: its name without the slash, and what follows; empty for nothing.</summary>
    public sealed record Command(string Name, string Argument) : ChatLine;

    /// <summary>Reads a line.</summary>
    /// <exception cref="StarKvException">The line holds a NUL.</exception>
    public static ChatLine Read(string line)
    {
        if (line.Contains('\0', StringComparison.Ordinal))
            throw new StarKvException($"The line {MessageText.Text(line)} holds a NUL character, which neither paths nor words have.");
        line = line.Trim();
        if (line.Length == 0)
            return new Next();
        var word = line.Split(' ')[0];
        if (word is ['/', _, ..] && word.Skip(1).All(char.IsAsciiLetter) && !File.Exists(line))
            return new Command(word[1..], line[word.Length..].Trim());
        return TypedPath.Before(line) is var (path, words) ? new Show(path, words) : new Say(line);
    }
}
