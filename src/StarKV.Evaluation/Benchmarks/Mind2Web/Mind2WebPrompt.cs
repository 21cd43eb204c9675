namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>How a step is put to the model: the block that is shown, the task, what was done before.</summary>
/// <param name="options">Profile, family, texts.</param>
internal sealed class Mind2WebPrompt(BenchmarkOptions options)
{
    private const string Own = """
        You use a web page to carry out a task. You see one part of the page; scroll to see another part.
        Answer with the next action:

        Thought: what the next step is and on which element
        Action: one of
        click(point='<point>x y</point>')
        type(point='<point>x y</point>', content='text to type into the element')
        select(point='<point>x y</point>', content='option of the list to choose')
        scroll(direction='down or up')

        Task: {instruction}
        Done so far:
        {previous_actions}
        """;

    /// <summary>The id of the text, for the run's plan.</summary>
    public string Name => (options.Profile, options.Family) switch
    {
        (Profile.GuiKv, AnswerFamily.OpenCua) => "mind2web.opencua",
        (Profile.GuiKv, _) => "mind2web.uitars",
        (_, AnswerFamily.OpenCua) => "opencua.instruction",
        _ => "the project's own",
    };

    /// <summary>The conversation of one block.</summary>
    public Conversation Of(string instruction, IReadOnlyList<string> previous)
    {
        var values = new Dictionary<string, string> { ["previous_actions"] = string.Join('\n', previous) };
        return (options.Profile, options.Family) switch
        {
            (Profile.GuiKv, AnswerFamily.OpenCua) => Turn.Ask(options.Prompts.Get(Name), instruction, values),
            (Profile.GuiKv, _) =>
                Turn.Ask(options.Prompts.Get(Name), instruction, values, options.Prompts.Get("system.androidcontrol_mind2web")),
            (_, AnswerFamily.OpenCua) =>
                Turn.Ask(
                    options.Prompts.Get(Name),
                    previous.Count == 0 ? instruction : $"{instruction}\nDone so far:\n{values["previous_actions"]}",
                    system: options.Prompts.Get("opencua.l2.system")),
            _ => Turn.Ask(Own, instruction, values),
        };
    }
}
