using StarKV.Input;
using StarKV.Sessions;

namespace StarKV.Reports.Inspect;

/// <summary>Inspections of sessions as a member of the agent: <c>agent.InspectSteps(screens, instruction, options)</c>.</summary>
public static class AgentSessionInspection
{
    /// <summary>Gives screenshots one by one to a session of each storage, and looks at what each step keeps of all of them.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="screens">Screenshots, oldest first, at least one: one for each step.</param>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">Method, budget, windows, prompt; default star-kv at 20 %.</param>
    /// <param name="storages">The storages, one session each, at least one; null (default) for that of the options.</param>
    /// <param name="cancellation">
    /// Ends the call at once while it waits for others, and within one layer or token while a step is answered.
    /// </param>
    /// <exception cref="StarKvException">There is no screenshot or no storage, or a step cannot be answered.</exception>
    public static SessionInspection InspectSteps(
        this GuiAgent agent, IReadOnlyList<Screenshot> screens, string instruction, SessionOptions? options = null,
        IReadOnlyList<KvStorage>? storages = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(screens);
        ArgumentNullException.ThrowIfNull(instruction);
        options ??= new SessionOptions();
        storages ??= [options.Storage];
        screens = [.. screens];
        if (screens.Count == 0 || storages.Count == 0)
            throw new StarKvException("There is nothing to inspect; give at least one screenshot and one storage.");
        return new SessionInspection
        {
            Screens = screens,
            Instruction = instruction,
            Options = options,
            Sessions = [.. storages.Select(
                s => new InspectedSession(s, Steps(agent, screens, instruction, options with { Storage = s }, cancellation)))],
        };
    }

    private static List<InspectedStep> Steps(
        GuiAgent agent, IReadOnlyList<Screenshot> screens, string instruction, SessionOptions options, CancellationToken cancellation)
    {
        using var session = agent.OpenSession(instruction, options);
        var steps = new List<InspectedStep>(screens.Count);
        for (var i = 0; i < screens.Count; i++)
        {
            var answer = session.Step(screens[i], cancellation: cancellation);
            // A window leaves the newest.
            steps.Add(new InspectedStep(answer, session.Kv, [.. Enumerable.Range(i + 1 - session.Frames, session.Frames)]));
        }

        return steps;
    }
}
