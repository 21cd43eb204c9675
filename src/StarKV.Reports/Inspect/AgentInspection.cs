using System.Runtime.ExceptionServices;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Score.Wrappers;

namespace StarKV.Reports.Inspect;

/// <summary>Inspections as a member of the agent: <c>agent.Inspect(screens, instruction, options)</c>.</summary>
public static class AgentInspection
{
    /// <summary>Reads a prompt, compresses it in several ways, and answers from each cache; the times of each are measured.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="screens">Screenshots, oldest first, at least one.</param>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">The compressions, the known target, the prompt.</param>
    /// <param name="cancellation">
    /// Ends the call at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    /// <exception cref="StarKvException">
    /// The target is not on the last screenshot, or no compression gave a cache; one that fails while others do not is in
    /// <see cref="Inspection.Failed"/>.
    /// </exception>
    public static Inspection Inspect(
        this GuiAgent agent, IReadOnlyList<Screenshot> screens, string instruction, InspectionOptions options,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(screens);
        ArgumentNullException.ThrowIfNull(instruction);
        ArgumentNullException.ThrowIfNull(options);
        screens = [.. screens];
        var given = options.Target is { } box && screens is [.., { } last] ? TargetSurvival.Share(last, box) : (ScreenRegion?)null;
        var (prompt, answers) = agent.AnswerMany(screens, instruction, Many(agent, options), cancellation);
        // A page without any cache shows nothing.
        if (answers.All(a => a.Answer is null))
            ExceptionDispatchInfo.Throw(answers[0].Thrown!);
        var target = given is { } share ? TargetSurvival.Cells(prompt, share) : null;
        var tried = options.Compressions.Zip(answers, (compression, answer) => (Compression: compression, Answer: answer)).ToList();
        return new Inspection
        {
            Screens = screens,
            Instruction = instruction,
            Prompt = prompt,
            Target = options.Target,
            MatchedBytes = options.MatchBytes,
            Caches = [.. tried.Where(t => t.Answer.Answer is not null).Select(
                t => Inspected(t.Compression, t.Answer, options.Target, target))],
            Failed = [.. tried.Where(t => t.Answer.Error is not null).Select(t => new FailedCache(t.Compression, t.Answer.Error!))],
        };
    }

    /// <summary>The compressions as they are used, each with its own times. What is null is left for the agent to refuse.</summary>
    private static ManyAnswersOptions Many(GuiAgent agent, InspectionOptions options) => new()
    {
        Compressions = options.MatchBytes && options.Compressions is { } all ? [.. all.Select(c => AtEqualBytes(agent,
            c))] : options.Compressions,
        Prompt = options.Prompt,
        Position = options.Position,
        PastActions = options.PastActions,
        Generation = options.Generation,
        ChunkTokens = options.ChunkTokens,
        MeasureTimes = true,
    };

    private static Compression AtEqualBytes(GuiAgent agent, Compression compression) => compression is null or { KeepsEverything: true }
        ? compression!
        : compression with { Method = new EqualBytes(compression.Method, agent.Config.Text.Heads / agent.Config.Text.KvHeads) };

    private static InspectedCache Inspected(Compression compression, CacheAnswer cache, PixelBox? known, IReadOnlyList<int>? target) =>
        new(compression, cache.Kept!, cache.Answer!)
        {
            Survival = target is null ? null : TargetSurvival.Of(cache.Kept!, target),
            PointsInside = known is { } box ? cache.Answer!.Point is { } point && box.Contains(point) : null,
        };
}
