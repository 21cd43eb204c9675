using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Tasks;

/// <summary>
/// One question about a sample: the frames up to <see cref="Frame"/>, the actions before it, an instruction, and the answer.
/// </summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Frame">The current frame, from 0. The question sees frames 0 to Frame and the first Frame past actions.</param>
/// <param name="Instruction">The task in words.</param>
/// <param name="Answer">The right answer as a model writes it; coordinates are pixels of the screen.</param>
public sealed record Question(TaskKind Kind, int Frame, string Instruction, string Answer)
{
    /// <value>The element to click; null when the answer is not a click.</value>
    public Element? Clicks { get; init; }

    /// <value>Where a click is right, in pixels of the current frame; null when the answer is not a click.</value>
    public Box? Target => Clicks?.Target;

    /// <value>The words, value or icon that the question is about; empty when it is about none. Splits hold these out.</value>
    public string Subject { get; init; } = "";

    /// <value>
    /// The reason for the answer, in a sentence or two, with which the answer begins; empty (default) for none, see
    /// <see cref="SampleOptions.Thoughts"/>.
    /// </value>
    public string Thought { get; init; } = "";

    /// <value>The answer without its thought.</value>
    public string Action => Answer[Answers.Opening(Thought).Length..];

    /// <value>The element whose words are to be read; null when none are.</value>
    internal Element? About { get; init; }

    /// <value>Whether the instruction names a point, not the element.</value>
    internal bool IsAtPoint { get; init; }

    /// <value>The element that the instruction names, and on which side of it the right one is; null when it names the right one.</value>
    internal (Element Anchor, Side Side)? Beside { get; init; }

    /// <value>True when the current frame, the instruction and the past actions do not hold the answer.</value>
    public bool NeedsEarlierFrame => Kind is TaskKind.RecallWord or TaskKind.RecallRow;

    /// <summary>The question with a thought before its action.</summary>
    internal Question WithThought(string thought) => this with { Thought = thought, Answer = Answers.Opening(thought) + Action };
}
