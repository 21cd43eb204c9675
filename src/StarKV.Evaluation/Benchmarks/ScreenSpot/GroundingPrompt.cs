using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks.ScreenSpot;

/// <summary>How a grounding question is put: one screenshot, one instruction.</summary>
internal static class GroundingPrompt
{
    /// <summary>The id of the text, for the run's plan.</summary>
    public static string Name(BenchmarkOptions options) => options switch
    {
        { Family: AnswerFamily.OpenCua } => "opencua.grounding.system",
        _ when options.Family.Grounding() is { } style => style.Name,
        { Profile: Profile.Strict } => "the model folder's own",
        _ => "uitars.grounding",
    };

    /// <summary>The conversation; null for the model folder's own style.</summary>
    /// <param name="options">Profile, family and texts.</param>
    /// <param name="instruction">The row's instruction.</param>
    /// <param name="systemTurn">Whether OpenCUA's text is a system message; else it comes before the instruction.</param>
    public static Conversation? Of(BenchmarkOptions options, string instruction, bool systemTurn)
    {
        if (options.Family is AnswerFamily.OpenCua)
        {
            var text = options.Prompts.Get("opencua.grounding.system");
            return systemTurn ? Turn.Ask("{instruction}", instruction, system: text) : Turn.Ask(text + "\n{instruction}", instruction);
        }

        if (options.Family.Grounding() is { } style)
            return (grids, _) => new TaskConversation(style, instruction, [new ConversationTurn([grids[^1]])]).Messages();
        return options.Profile is Profile.Strict ? null : Turn.Ask(options.Prompts.Get("uitars.grounding"), instruction);
    }
}
