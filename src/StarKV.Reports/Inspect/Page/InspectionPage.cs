using System.Text;
using StarKV.Files;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>An inspection as one HTML file: no network, no fonts, no other file; it reads without JavaScript too.</summary>
/// <param name="Inspection">What is shown.</param>
public sealed record InspectionPage(Inspection Inspection)
{
    /// <value>What the model is called; default empty.</value>
    public string Model { get; init; } = "";

    /// <value>Device and number type, as people read them; default empty.</value>
    public string Device { get; init; } = "";

    /// <value>The command line that made the page; default empty.</value>
    public string Command { get; init; } = "";

    /// <value>The two caches whose difference is shown first, as indices; null (default) takes the first two that drop something.</value>
    public (int First, int Second)? Difference { get; init; }

    /// <summary>The caches that drop something: those with a picture worth drawing.</summary>
    internal IReadOnlyList<InspectedCache> Compressed => [.. Inspection.Caches.Where(c => !c.Compression.KeepsEverything)];

    /// <summary>The page.</summary>
    public string ToHtml() => PageFrame.Of(Inspection.Instruction, Inspection.Screens, PageFrame.Resource("page.js"), Html.Of($"""
        {HeaderSection.Of(this)}
        {SummarySection.Of(this)}
        {OverlaySection.Of(this)}
        {SurvivalSection.Of(this)}
        {LayerMapSection.Of(this)}
        {DifferenceSection.Of(this)}
        {CountSection.Of(this)}
        {MethodSection.Of(this)}
        """));

    /// <summary>Writes the page to a file: complete or not at all.</summary>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToHtml()), "page");
}
