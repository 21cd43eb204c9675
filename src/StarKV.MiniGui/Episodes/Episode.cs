using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Episodes;

/// <summary>One long conversation about one application: an instruction, then at each step a screen, a task and its answer.</summary>
/// <param name="Seed">The seed it was drawn from.</param>
/// <param name="Split">What it may show.</param>
/// <param name="Instruction">What stands before the first screen.</param>
/// <param name="Steps">The steps, oldest first; the answer to each turned its screen into the next one's.</param>
public sealed record Episode(ulong Seed, Split Split, string Instruction, IReadOnlyList<EpisodeStep> Steps)
{
    /// <value>Width and height of every screen in pixels.</value>
    public ScreenSize Size => Steps[0].Screen.Size;
}
