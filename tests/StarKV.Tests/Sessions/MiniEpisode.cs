using StarKV.Input;
using StarKV.Text;

namespace StarKV.Tests.Sessions;

/// <summary>A sample of several screenshots with its instruction first, given step by step.</summary>
internal sealed class MiniEpisode
{
    private readonly MiniSample _sample;

    public MiniEpisode(string id = "multi_step_instruction_first_0")
    {
        _sample = MiniSample.Of(id);
        Screens = _sample.Screens();
    }

    public string Instruction => _sample.Instruction;

    public IReadOnlyList<Screenshot> Screens { get; }

    /// <summary>More steps than the sample has: its screenshots again and again.</summary>
    public Screenshot Screen(int step) => Screens[step % Screens.Count];

    /// <summary>A session of this task.</summary>
    public GuiSession Open(GuiAgent agent, SessionOptions options) => agent.OpenSession(Instruction, options with { Position = InstructionPosition.First });

    /// <summary>Steps with a session; its answers.</summary>
    public List<GroundingAnswer> Run(GuiAgent agent, SessionOptions options, int steps)
    {
        using var session = Open(agent, options);
        return [.. Enumerable.Range(0, steps).Select(i => session.Step(Screen(i)))];
    }

    /// <summary>A step with everything read again, after these answers.</summary>
    public CacheAnswer Reread(GuiAgent agent, SessionOptions options, IReadOnlyList<string> answers, StarKV.Score.LayerMemory memory)
    {
        var compression = options.CompressionOf(marksInstruction: true) with { Memory = memory };
        return agent.AnswerMany(
            [.. Enumerable.Range(0, answers.Count + 1).Select(Screen)], Instruction,
            new ManyAnswersOptions
            {
                Compressions = [compression],
                PastActions = answers,
                Position = InstructionPosition.First,
                Prompt = options.Prompt,
                Generation = options.Generation,
            }).Answers[0];
    }
}
