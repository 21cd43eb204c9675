using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Schedule;

namespace StarKV;

/// <summary>How a request's prompt is read: the whole of it, or what is new in a session.</summary>
/// <remarks>
/// Its members are called in their order, on the inference thread. Disposed before <see cref="Complete"/>, it leaves everything as it was.
/// </remarks>
internal interface IPromptReading : IDisposable
{
    /// <summary>The prompt.</summary>
    PreparedPrompt Prompt { get; }

    /// <summary>Tokens of it that were read; 0 until that is known.</summary>
    int TokensRead { get; }

    /// <summary>The bytes that the request will need on the device.</summary>
    JobNeed Need();

    /// <summary>Finds out what is to be read.</summary>
    /// <param name="cancellation">Ends the resizing of earlier screenshots within a row of pixels per core.</param>
    /// <returns>The screenshots to encode, oldest first.</returns>
    IReadOnlyList<ModelImage> Start(CancellationToken cancellation);

    /// <summary>Begins to read.</summary>
    /// <param name="screens">Features of the screenshots to encode; borrowed.</param>
    /// <param name="cancellation">Ends what is done before the first layer.</param>
    /// <returns>Layers to read.</returns>
    int Open(IReadOnlyList<ScreenFeatures> screens, CancellationToken cancellation);

    /// <summary>Reads the next layer.</summary>
    /// <param name="cancellation">Checked before the layer and before every selection.</param>
    void ReadLayer(CancellationToken cancellation);

    /// <summary>What was read, for each compression in their order; lent until <see cref="Complete"/> or disposal.</summary>
    /// <param name="cancellation">Checked first, and before every layer that was held back.</param>
    IReadOnlyList<PrefillOutcome> Finish(CancellationToken cancellation);

    /// <summary>The answers are written: what becomes of them.</summary>
    /// <param name="outcomes">One for each compression.</param>
    IReadOnlyList<CacheOutcome> Complete(IReadOnlyList<CacheOutcome> outcomes);
}
