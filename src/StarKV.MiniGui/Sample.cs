using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui;

/// <summary>Screens, what was done on them, and questions with their answers.</summary>
/// <param name="Seed">The seed it was drawn from.</param>
/// <param name="Split">What it may show.</param>
/// <param name="Order">Where its instructions stand.</param>
/// <param name="Frames">The screens, oldest first; one, or 2 to 8 for a history.</param>
/// <param name="PastActions">One action for every frame but the last: what turned it into the next one.</param>
/// <param name="Questions">
/// At least one. With <see cref="Order.Last"/> all are about the last frame; with
/// <see cref="Order.First"/> all have the same instruction and at most one is about each frame.
/// </param>
public sealed record Sample(
    ulong Seed,
    Split Split,
    Order Order,
    IReadOnlyList<Screen> Frames,
    IReadOnlyList<string> PastActions,
    IReadOnlyList<Question> Questions)
{
    /// <value>Width and height of every frame in pixels.</value>
    public ScreenSize Size => Frames[0].Size;
}
