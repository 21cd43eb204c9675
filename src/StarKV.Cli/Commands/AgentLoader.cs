using StarKV.Schedule;
using StarKV.Weights;

namespace StarKV.Cli.Commands;

/// <summary>Loads a model and tells how far it has come.</summary>
public static class AgentLoader
{
    // A command asks once, or measures: it remembers no screenshots, so that every time shown is that of a first look.
    public static GuiAgent Load(string folder, string device, string type, Action<string> tell, CancellationToken cancellation = default) =>
        Load(folder, device, type, tell, screenCacheBytes: 0, cancellation);

    /// <summary>The same for a command that shows the model the same screenshots again and again.</summary>
    public static GuiAgent Load(
        string folder, string device, string type, Action<string> tell, long screenCacheBytes, CancellationToken cancellation) =>
        Load(folder, device, type, tell, screenCacheBytes, new EngineOptions(), cancellation);

    /// <summary>The same for a command that answers many requests.</summary>
    public static GuiAgent Load(
        string folder, string device, string type, Action<string> tell, long screenCacheBytes, EngineOptions engine,
        CancellationToken cancellation)
    {
        var progress = new Teller(p => tell($"Loading {folder}: {100 * p.BytesRead / Math.Max(1, p.TotalBytes)} % ({p.Tensor})"));
        return GuiAgent.Load(folder, device, type, progress, screenCacheBytes, engine, cancellation);
    }

    /// <summary>Reports on the loading thread, in order; <see cref="Progress{T}"/> would post to the pool and outlive the work.</summary>
    private sealed class Teller(Action<LoadProgress> tell) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => tell(value);
    }
}
