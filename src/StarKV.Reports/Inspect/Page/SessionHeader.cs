using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>What was asked of the sessions, of which model, and how.</summary>
internal static class SessionHeader
{
    public static Html Of(SessionPage page)
    {
        var (inspection, options) = (page.Inspection, page.Inspection.Options);
        var keep = options.Method.LayerBudget.DropsNothing ? "keep all" : $"keep {options.Budget}";
        var window = options.FrameWindow is { } most ? ListText.Count(most, "screenshot") : "none: every screenshot stays";
        var screens = inspection.Screens.Select((s, i) => $"{i + 1}: {s.Name} {s.Width}×{s.Height} px");
        return Html.Of($"""
            <header>
            <p class="brand">starkv inspect --steps</p>
            <h1>{inspection.Instruction}</h1>
            <p>The screenshots were given one by one. At each step the session read what was new, kept a part of the key/value cache, and
            the model answered from that part alone. <strong>Bright is kept, dark is dropped.</strong></p>
            <dl class="facts">
            {HeaderSection.Fact("model", page.Model)}{HeaderSection.Fact("device", page.Device)}
            {HeaderSection.Fact("cache", $"{options.Method.Name}, {keep}")}{HeaderSection.Fact("window", window)}
            {HeaderSection.Fact("screenshots, one for each step", string.Join(", ", screens))}
            </dl>
            {HeaderSection.CommandLine(page.Command)}
            </header>
            """);
    }
}
