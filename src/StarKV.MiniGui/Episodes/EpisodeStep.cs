using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Episodes;

/// <summary>One step of an episode.</summary>
/// <param name="Screen">What is seen.</param>
/// <param name="Question">
/// What is asked, and the right answer. Its frame is the step's number, from 0; its instruction is the text that stands behind the screen.
/// </param>
/// <param name="StepsAgo">
/// How many steps ago what is asked for was seen for the last time, 1 or more; 0 for a question that the screen and the text answer.
/// </param>
public sealed record EpisodeStep(Screen Screen, Question Question, int StepsAgo)
{
    /// <value>The user's words at this step, behind the screen.</value>
    public string Text => Question.Instruction;

    /// <value>The right answer as a model writes it.</value>
    public string Answer => Question.Answer;

    /// <summary>
    /// True when what is asked for is on none of the newest screens: a reader that forgot all others cannot know the answer.
    /// </summary>
    /// <param name="window">How many screens are the newest ones, the step's own included; 1 or more.</param>
    public bool IsBeyond(int window) => StepsAgo >= window;
}
