using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Schedule;

namespace StarKV;

/// <summary>Reads a prompt from its first token to its last, into one cache for each compression.</summary>
/// <param name="prompt">The prompt; its compressions know their branches.</param>
/// <param name="model">The model.</param>
/// <param name="options">Sizes, and who writes drafts.</param>
internal sealed class WholePrompt(PreparedPrompt prompt, IVisionLanguageModel model, PrefillOptions options) : IPromptReading
{
    private PrefillRun? _run;
    private IReadOnlyList<PrefillOutcome> _read = [];

    /// <inheritdoc/>
    public PreparedPrompt Prompt => prompt;

    /// <inheritdoc/>
    public int TokensRead => prompt.Prompt.Length;

    /// <inheritdoc/>
    public JobNeed Need() => PromptNeed.Of(model, prompt, prompt.Prompt.Length, [.. prompt.Images.Select(i => i.Grid)]);

    /// <inheritdoc/>
    public IReadOnlyList<ModelImage> Start(CancellationToken cancellation) => prompt.Images;

    /// <inheritdoc/>
    public int Open(IReadOnlyList<ScreenFeatures> screens, CancellationToken cancellation)
    {
        var compressions = prompt.Request.Compressions;
        // What is done once, such as compiling, would be counted as the time of whichever method comes first.
        if (prompt.Request.Options.MeasureTimes)
        {
            var warm = new PrefillRunner(model.Text).RunEach(
                prompt.Prompt, screens, [.. compressions.Select(c => c with { Memory = null })], options, cancellation);
            Dispose(warm);
        }

        _run = new PrefillRun(model.Text, null, prompt.Prompt, screens, compressions, options, apart: true);
        return _run.Layers;
    }

    /// <inheritdoc/>
    public void ReadLayer(CancellationToken cancellation) => _run!.MoveNext(cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<PrefillOutcome> Finish(CancellationToken cancellation)
    {
        _read = _run!.Finish(cancellation);
        // What the reading held is not needed while the answers are written.
        _run.Dispose();
        _run = null;
        return _read;
    }

    /// <inheritdoc/>
    public IReadOnlyList<CacheOutcome> Complete(IReadOnlyList<CacheOutcome> outcomes) => outcomes;

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Dispose();
        Dispose(_read);
    }

    private static void Dispose(IReadOnlyList<PrefillOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
            outcome.Result?.Dispose();
    }
}
