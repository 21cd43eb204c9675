using StarKV.Decode;
using StarKV.Text;

namespace StarKV;

/// <summary>How an instruction is put to the model and its answer written.</summary>
public abstract record AnswerOptions
{
    /// <value>How the instruction is worded; null (default) takes the model folder's own, see <see cref="GuiAgent.DefaultPrompt"/>.</value>
    public PromptStyle? Prompt { get; init; }

    /// <value>Where the instruction stands; null (default) as the style has it.</value>
    public InstructionPosition? Position { get; init; }

    /// <value>The model's earlier answers, oldest first; default none.</value>
    public IReadOnlyList<string> PastActions { get; init; } = [];

    /// <value>How the answer is written; default greedy, up to 128 tokens.</value>
    public GenerationOptions Generation { get; init; } = new();

    /// <value>Tokens that go through an MLP together, 1 or more; default 8,192.</value>
    public int ChunkTokens { get; init; } = 8192;

    /// <value>
    /// True to measure each stage, selections included, separately: the prompt is read once before, the device is waited for, and answers
    /// of several caches
    /// are written one by one. Costs more than twice the time; default false.
    /// </value>
    public bool MeasureTimes { get; init; }

    /// <value>Of the requests that wait, the one of higher priority goes first; default 0. docs/engine.md has the whole policy.</value>
    public int Priority { get; init; }

    /// <value>
    /// Time after which the request is given up, counted from when its screenshots are resized, above 0; null (default) for never. Of
    /// several that wait, the one whose time is up first goes first.
    /// </value>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"prompt {Prompt?.Name ?? "of the model"}, past actions {ListText.Of(PastActions)}, {Generation}";
}
