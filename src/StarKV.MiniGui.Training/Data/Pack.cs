using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Training.Data;

/// <summary>An answer inside a pack: its tokens with the end of the turn are at [Start, Start + Length).</summary>
/// <param name="Question">What was asked.</param>
/// <param name="BlockStart">First token of the answer's own block; 0 where the pack is one sequence.</param>
/// <param name="Start">First token of the answer.</param>
/// <param name="Length">Tokens of the answer, the end of the turn included.</param>
/// <param name="Hard">
/// Which of these tokens weigh more, counted from the answer's first: typed words,
/// all of a click that must be remembered, of a step after the first, and of the end.
/// </param>
internal sealed record PackedAnswer(Question Question, int BlockStart, int Start, int Length, Range Hard)
{
    /// <value>Tokens of the answer's thought, with its label and line feed; default 0, without one.</value>
    public int Thought { get; init; }
}

/// <summary>
/// One prefix of system message, screenshots and past actions, followed by blocks of question and answer that do not see one another.
/// </summary>
/// <param name="ImagePad">The id of a vision token.</param>
/// <param name="Ids">Token ids, [L].</param>
/// <param name="Positions">Time, height and width positions, [3, L] row-major; each block continues after the prefix.</param>
/// <param name="Segments">0 for the prefix, then the block's number from 1, [L].</param>
/// <param name="PrefixLength">Tokens of the prefix.</param>
/// <param name="Answers">What is learned.</param>
/// <param name="Frames">The screenshots, oldest first.</param>
internal sealed record Pack(
    int ImagePad,
    int[] Ids,
    long[] Positions,
    int[] Segments,
    int PrefixLength,
    IReadOnlyList<PackedAnswer> Answers,
    IReadOnlyList<Screen> Frames)
{
    public int Length => Ids.Length;

    public ScreenSize Size => Frames[0].Size;
}
