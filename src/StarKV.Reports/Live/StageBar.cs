using StarKV.Account;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Live;

/// <summary>Where the time of a step went: its stages as one bar, with their names and times.</summary>
internal static class StageBar
{
    public static Html Of(StageTimes times)
    {
        // Selection and draft are parts of the prefill.
        var prefill = times.Prefill - times.Selection - times.Draft;
        (string Name, string Css, TimeSpan Time)[] stages =
        [
            ("preprocess", "system", times.Preprocess), ("vision", "user", times.Vision), ("prefill", "frame-now", prefill),
            ("selection", "assistant", times.Selection), ("draft", "frame-even", times.Draft), ("decode", "frame-odd", times.Decode),
        ];
        var (shown, at, bars) = (stages.Where(s => s.Time > TimeSpan.Zero).ToList(), 0.0, new List<Html>());
        foreach (var (name, css, time) in shown)
        {
            var width = 100 * (time / times.Total);
            bars.Add(Html.Of($"""
                <rect class="{css}" x="{at:0.###}" width="{width:0.###}" height="1"><title>{name}:
                {Numbers.Milliseconds(time)}</title></rect>
                """));
            at += width;
        }

        return Html.Of($"""
            <figure class="stages"><svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">{bars}</svg>
            <ul class="legend">{shown.Select(s => Html.Of(
                $"<li><span class=\"swatch {s.Css}\"></span> {s.Name} {Numbers.Milliseconds(s.Time)}</li>"))}</ul></figure>
            """);
    }
}
