using System.Security.Cryptography;
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
    public string ToHtml()
    {
        var (style, script) = (Resource("page.css"), Resource("page.js"));
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var allowed = $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
            + $"script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'";
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{allowed}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="StarKV">
            <title>StarKV inspect: {Inspection.Instruction}</title>
            <style>{new Html(style)}</style>
            </head>
            <body>
            {ScreenPicture.Definitions(Inspection.Screens)}
            <main>
            {HeaderSection.Of(this)}
            {SummarySection.Of(this)}
            {OverlaySection.Of(this)}
            {SurvivalSection.Of(this)}
            {LayerMapSection.Of(this)}
            {DifferenceSection.Of(this)}
            {CountSection.Of(this)}
            {MethodSection.Of(this)}
            </main>
            <script>{new Html(script)}</script>
            </body>
            </html>

            """).Markup;
    }

    /// <summary>Writes the page to a file: complete or not at all.</summary>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToHtml()), "page");

    private static string Resource(string name)
    {
        using var stream = typeof(InspectionPage).Assembly.GetManifestResourceStream($"StarKV.Reports.Inspect.Page.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
