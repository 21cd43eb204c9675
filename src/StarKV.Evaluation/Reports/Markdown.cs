using System.Text.RegularExpressions;
using StarKV.Act;
using StarKV.Files;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports;

/// <summary>
/// A piece of Markdown as GitHub reads it. Written as <c>Markdown.Of($"…")</c>: what is between braces is escaped, unless it is
/// Markdown itself. Text converts to Markdown implicitly.
/// </summary>
/// <param name="Markup">The Markdown.</param>
internal readonly partial record struct Markdown(string Markup) : IMarkup
{
    /// <summary>Nothing.</summary>
    public static Markdown None { get; } = new("");

    /// <summary>Text.</summary>
    public static implicit operator Markdown(string text) => new(Escape(text));

    /// <summary>The pieces of an interpolated string; numbers in the invariant culture.</summary>
    public static Markdown Of(MarkupHandler<Markdown> text) => new(text.ToString());

    /// <summary>Pieces with a text between them.</summary>
    public static Markdown Join(string between, IEnumerable<Markdown> pieces) =>
        new(string.Join(Escape(between), pieces.Select(p => p.Markup)));

    /// <summary>A name as code; one that code could not hold everywhere, as in a table, is plain text.</summary>
    public static Markdown Code(string name) => Plain().IsMatch(name) && VisibleText.Line(name) == name ? new Markdown($"`{name}`") : name;

    /// <summary>The address of a file next to the page.</summary>
    public static Markdown Address(params IEnumerable<string> path) => new(string.Join('/', path.Select(Uri.EscapeDataString)));

    /// <inheritdoc/>
    /// <remarks>In one line, so that it also fits into a table's cell.</remarks>
    public static string Escape(string text) => Syntax().Replace(VisibleText.Line(text), match => match.Value switch
    {
        // As entities, which every reader knows; a pipe parts cells whatever comes before it.
        "<" => "&lt;",
        ">" => "&gt;",
        "&" => "&amp;",
        "|" => "&#124;",
        var other => $"\\{other}",
    });

    /// <inheritdoc/>
    public override string ToString() => Markup;

    private const string
        Anywhere = @"[\\`*~\[\]<>&|#$]",
        OutsideOfWords = @"(?<![\p{L}\p{Nd}])_|_(?![\p{L}\p{Nd}])",
        StartOfALine = @"[-+=](?<=^ *.)(?=[-= ]|$)|[.)](?<=^ *\d+.)(?= |$)",
        AddressThatBecomesALink = @":(?=//)|\.(?<=www.)";

    [GeneratedRegex(
        $"{Anywhere}|{OutsideOfWords}|{StartOfALine}|{AddressThatBecomesALink}", RegexOptions.IgnoreCase, MatchLimit.Milliseconds)]
    private static partial Regex Syntax();

    [GeneratedRegex(@"^[^`|\s]+( [^`|\s]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
