using StarKV.Reports.Markup;
using StarKV.Text;
using static System.FormattableString;

namespace StarKV.Reports.Inspect.Page;

/// <summary>What was asked, of which model, and how.</summary>
internal static class HeaderSection
{
    public static Html Of(InspectionPage page)
    {
        var (inspection, times) = (page.Inspection, page.Inspection.Caches[0].Answer.Times);
        var (prompt, counts) = (inspection.Prompt, inspection.Prompt.Classes.ToArray().CountBy(c => c).ToDictionary());
        var screens = inspection.Screens.Select((s, i) =>
            $"{s.Name} {s.Width}×{s.Height} px, {prompt.Frames[i].Rows}×{prompt.Frames[i].Columns} cells");
        var classes = Enum.GetValues<TokenClass>().Select(c => Invariant($"{counts.GetValueOrDefault(c):N0} {TokenGroup.NameOf(c)}"));
        var reading = $"preprocess {Numbers.Milliseconds(times.Preprocess)}, vision {Numbers.Milliseconds(times.Vision)}, "
            + $"prefill with all selections {Numbers.Milliseconds(times.Prefill)}";
        return Html.Of($"""
            <header>
            <p class="brand">starkv inspect</p>
            <h1>{inspection.Instruction}</h1>
            <p>The model read this prompt. Each method kept a part of the key/value cache, and the model answered from that part alone.
            <strong>Bright is kept, dark is dropped.</strong>{(inspection.MatchedBytes
                ? " Every method holds as many bytes as the key/value heads take at the budget." : "")}</p>
            <dl class="facts">
            {Fact("model", page.Model)}{Fact("device", page.Device)}
            {Fact(inspection.Screens.Count == 1 ? "screenshot" : "screenshots, oldest first", string.Join(", ", screens))}
            {Fact("prompt", Invariant($"{prompt.Length:N0} tokens: {string.Join(", ", classes)}"))}
            {Fact("reading it", reading)}
            </dl>
            {CommandLine(page.Command)}
            </header>
            """);
    }

    /// <summary>The command line that made a page; nothing when it is not known.</summary>
    public static Html CommandLine(string command) => command.Length == 0
        ? Html.None
        : Html.Of($"<pre tabindex=\"0\" aria-label=\"command line\"><code>{command}</code></pre>");

    /// <summary>A fact with its name; nothing when it is empty.</summary>
    public static Html Fact(string name, string value) =>
        value.Length == 0 ? Html.None : Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>");
}
