using System.Text.RegularExpressions;

namespace StarKV.Cli.Tests.Screens;

/// <summary>
/// Replaces what differs between machines and runs by words in braces. Where a pattern was found, columns may have moved: blanks and borders
/// are then cut to two signs.
/// </summary>
internal sealed partial class Scrubber
{
    private readonly List<(string Text, string Name)> _texts = [(RepositoryFiles.Path(), "repository")];
    private readonly List<(Regex Pattern, string Name)> _patterns = [];

    /// <summary>Replaces a text, such as the path of a folder; longer ones first.</summary>
    public Scrubber Text(string text, string name)
    {
        _texts.Add((text, name));
        return this;
    }

    /// <summary>Replaces what matches; a group <c>keep</c> stays in front.</summary>
    public Scrubber Pattern(string pattern, string name)
    {
        _patterns.Add((new Regex(pattern, RegexOptions.Multiline), name));
        return this;
    }

    /// <summary>Replaces times with their units.</summary>
    public Scrubber Times() => Pattern(@"(?<![\w.])\d[\d,]*(?:\.\d+)?[ \u00A0](?:ms|s|min|h)\b", "time");

    /// <summary>Replaces numbers of bytes.</summary>
    public Scrubber Sizes() => Pattern(@"(?<![\w.])\d[\d,]*(?:\.\d+)?[ \u00A0](?:B|KiB|MiB|GiB|TiB)\b", "size");

    /// <summary>Replaces versions of three numbers or more, with what follows them.</summary>
    public Scrubber Versions() => Pattern(@"(?<![\w.])\d+(?:\.\d+){2,}(?:[-+][\w.+-]*)?", "version");

    /// <summary>The output without them.</summary>
    public string Of(string output)
    {
        foreach (var (text, name) in _texts.OrderByDescending(t => t.Text.Length))
            output = output.Replace(text, $"{{{name}}}", StringComparison.Ordinal);
        var before = output;
        foreach (var (pattern, name) in _patterns)
            output = pattern.Replace(output, match => $"{match.Groups["keep"].Value}{{{name}}}");
        return output == before ? output : BlanksBeforeBorder().Replace(Blanks().Replace(Border().Replace(output, "──"), "  "), " ");
    }

    [GeneratedRegex("(?<=\\S) {3,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(" +(?=│)")]
    private static partial Regex BlanksBeforeBorder();

    [GeneratedRegex("─{3,}")]
    private static partial Regex Border();
}
