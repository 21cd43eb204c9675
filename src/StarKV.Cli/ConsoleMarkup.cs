using Spectre.Console;
using StarKV.Files;
using StarKV.Reports.Markup;

namespace StarKV.Cli;

/// <summary>
/// A piece of Spectre's markup. Written as <c>ConsoleMarkup.Of($"[bold]{name}[/]")</c>: what stands between braces is shown as it is,
/// in one line. Text becomes markup by itself.
/// </summary>
/// <param name="Markup">The markup.</param>
public readonly record struct ConsoleMarkup(string Markup) : IMarkup
{
    /// <summary>Text in one line.</summary>
    public static implicit operator ConsoleMarkup(string text) => new(Escape(text));

    /// <summary>The pieces of an interpolated string.</summary>
    public static ConsoleMarkup Of(MarkupHandler<ConsoleMarkup> text) => new(text.ToString());

    /// <summary>Text whose lines stay lines, such as a model's answer.</summary>
    public static ConsoleMarkup Lines(string text) => new(AnsiMarkup.Escape(VisibleText.Lines(text)));

    /// <inheritdoc/>
    public static string Escape(string text) => AnsiMarkup.Escape(VisibleText.Line(text));

    /// <summary>
    /// The piece as Spectre writes it; <see cref="Spectre.Console.Markup"/> would put pictures in the place of <c>:bomb:</c>.
    /// </summary>
    public Paragraph ToParagraph()
    {
        var paragraph = new Paragraph();
        foreach (var segment in AnsiMarkup.Parse(Markup))
            paragraph.Append(segment.Text, segment.Style, segment.Link);
        return paragraph;
    }

    /// <inheritdoc/>
    public override string ToString() => Markup;
}
