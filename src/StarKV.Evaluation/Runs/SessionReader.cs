using StarKV.Compact;
using StarKV.Decode;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers the steps in a session.</summary>
internal sealed class SessionReader : IStepReader
{
    private readonly GuiSession _session;

    /// <summary>Opens the session.</summary>
    /// <param name="agent">The model.</param>
    /// <param name="task">The task.</param>
    /// <param name="compression">Method and budget.</param>
    /// <param name="mode">Storage, window and protection.</param>
    /// <param name="maxNewTokens">Longest answer in tokens.</param>
    public SessionReader(GuiAgent agent, EvalTask task, Compression compression, SessionMode mode, int maxNewTokens) =>
        _session = agent.OpenSession(task.Instruction, new SessionOptions
        {
            Method = compression.Method,
            Budget = compression.Budget,
            Storage = mode.Storage!.Value,
            FrameWindow = mode.Window,
            Slide = mode.Slide,
            Protect = mode.ProtectedTokens,
            Position = task.Position,
            Generation = new GenerationOptions { MaxNewTokens = maxNewTokens },
        });

    /// <inheritdoc/>
    public AnsweredStep Next(TaskStep step, CancellationToken cancellation)
    {
        var answer = _session.Step([step.Screen], step.Text, cancellation);
        var (report, held) = (answer.Session!, _session.Kv);
        return new AnsweredStep(answer, report.Tokens, report.TokensRead) { DeviceBytes = held.DeviceBytes, HostBytes = held.HostBytes };
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
