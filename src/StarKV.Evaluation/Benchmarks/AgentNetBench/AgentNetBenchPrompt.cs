using System.Globalization;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>How a step is put to the model: earlier screenshots, what was answered to them, the current one.</summary>
/// <param name="options">Profile, family, texts, slots.</param>
internal sealed class AgentNetBenchPrompt(BenchmarkOptions options)
{
    // Answers older than this vanish from the conversation.
    private const int HistoryLength = 10;

    /// <summary>Screenshots a question shows at most.</summary>
    public int Slots => options.ImageSlots ?? (options is { Profile: Profile.Official, Family: AnswerFamily.OpenCua } ? 3 : 5);

    /// <summary>The id of the current turn's text, for the run's plan.</summary>
    public string Name => (options.Profile, options.Family) switch
    {
        (Profile.GuiKv, AnswerFamily.OpenCua) => "agentnetbench.opencua.guikv",
        (Profile.StarKv, AnswerFamily.OpenCua) => "agentnetbench.opencua.starkv.user",
        (Profile.GuiKv or Profile.StarKv, _) => "agentnetbench.uitars",
        (_, AnswerFamily.OpenCua) => "opencua.instruction",
        _ => "uitars.computer",
    };

    // OpenCUA's own agent reads what the recording says of earlier steps; the others read their own answers.
    private bool ReadsRecording => options is { Profile: Profile.Official or Profile.Strict, Family: AnswerFamily.OpenCua };

    private string? System => (options.Profile, options.Family) switch
    {
        (Profile.StarKv, AnswerFamily.OpenCua) => options.Prompts.Get("agentnetbench.opencua.starkv.system"),
        _ when ReadsRecording => options.Prompts.Get("opencua.l2.system"),
        _ => null,
    };

    /// <summary>Opens a step's screenshots.</summary>
    /// <param name="instruction">The task.</param>
    /// <param name="steps">The trajectory's steps up to this one; null for one that cannot be read.</param>
    public TaskInput Open(string instruction, IReadOnlyList<TrajectoryStep?> steps)
    {
        var now = steps.Count - 1;
        var text = Turn.Fill(options.Prompts.Get(Name), instruction);
        // Before which earlier step which screenshot stands.
        var shown = new List<(int Before, Screenshot Screen)>();
        for (var step = 0; step < now; step++)
        {
            if (ImageBefore(step, now) is { } of && steps[of] is { } known && File.Exists(PathOf(known)))
                shown.Add((step, Screenshot.Load(PathOf(known))));
        }

        var first = options is { Profile: Profile.StarKv, Family: AnswerFamily.OpenCua } ? now : 0;
        return new TaskInput([.. shown.Select(s => s.Screen), Screenshot.Load(PathOf(steps[now]!))], [])
        {
            Conversation = (grids, earlier) =>
            {
                var messages = new List<ChatMessage>(Turn.System(System));
                for (var (step, image) = (first, 0); step < now; step++)
                {
                    if (image < shown.Count && shown[image].Before == step)
                        messages.Add(ChatMessage.Of(ChatRole.User, grids[image++]));
                    if (step >= now - HistoryLength)
                        messages.Add(
                            ChatMessage.Of(ChatRole.Assistant, Answered(step, steps[step], ReadsRecording ? null : earlier[step])));
                }

                messages.Add(ChatMessage.Of(ChatRole.User, grids[^1], text));
                return messages;
            },
        };
    }

    /// <summary>The step whose screenshot is shown before an earlier step; null for none.</summary>
    /// <remarks>
    /// GUI-KV's program sends OpenCUA no screenshot inside the window, and
    /// outside of it the one before last again and again; kept in its profile.
    /// </remarks>
    private int? ImageBefore(int step, int now)
    {
        var inWindow = step >= now - (Slots - 1);
        return (options.Profile, options.Family) switch
        {
            (Profile.GuiKv, AnswerFamily.OpenCua) => inWindow ? null : now - 2,
            (Profile.StarKv, AnswerFamily.OpenCua) => null,
            _ => inWindow ? step : null,
        };
    }

    /// <summary>The text that represents an earlier step: the model's own answer, or the recording where there is none.</summary>
    private string Answered(int step, TrajectoryStep? recorded, string? answer)
    {
        var number = (step + 1).ToString(CultureInfo.InvariantCulture);
        var header = Fill("opencua.step_header", ("step_num", number));
        if (answer is not null)
            return options.Profile is Profile.Strict or Profile.Official ? answer : $"{header}Step {number}:\n{answer}";
        return header + Fill(ReadsRecording ? "opencua.history.thought" : "opencua.history.observation",
            ("observation", recorded?.Observation ?? ""), ("thought", recorded?.Thought ?? ""), ("action", recorded?.Instruction ?? ""));
    }

    private string Fill(string id, params IEnumerable<(string Name, string Value)> values) =>
        Turn.Fill(options.Prompts.Get(id), "", values.ToDictionary(v => v.Name, v => v.Value)).Text;

    /// <summary>Where a step's screenshot lies.</summary>
    public string PathOf(TrajectoryStep step) => Path.Combine(options.Images, step.Image);
}
