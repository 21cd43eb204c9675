using System.Text;
using StarKV.Files;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>
/// Sessions as one HTML file, step by step: what each step kept of every screenshot. No network, no fonts, no other file, no script.
/// </summary>
/// <param name="Inspection">What is shown.</param>
public sealed record SessionPage(SessionInspection Inspection)
{
    /// <value>What the model is called; default empty.</value>
    public string Model { get; init; } = "";

    /// <value>Device and number type, as people read them; default empty.</value>
    public string Device { get; init; } = "";

    /// <value>The command line that made the page; default empty.</value>
    public string Command { get; init; } = "";

    /// <summary>The page.</summary>
    public string ToHtml() => PageFrame.Of(Inspection.Instruction, Inspection.Screens, "", Html.Of($"""
        {SessionHeader.Of(this)}
        {StepSection.Of(Inspection)}
        {FilmSection.Of(Inspection)}
        {StepCountSection.Of(Inspection)}
        """));

    /// <summary>Writes the page to a file: complete or not at all.</summary>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToHtml()), "page");
}
