using System.Diagnostics.CodeAnalysis;
using StarKV.Models;
using StarKV.Runtime;
using StarKV.Schedule;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV;

/// <summary>A loaded model that answers instructions about screenshots on a compressed cache.</summary>
/// <remarks>
/// <para>Thread-safe: every member may be called from several threads, <see cref="Dispose"/> included. Several requests are worked on at
/// the same time: prompts are read one after the other, answers written side by side, as <see cref="EngineOptions"/> say. Inside a
/// callback, on the inference thread, a further answer is given at once, in the middle of the one that calls back.</para>
/// <para>Errors: what is null, and an agent that was disposed before the call, is reported by the call itself, also by methods that return
/// a task. Everything
/// else, values out of bounds and a disposal meanwhile included, is the error of the answer: the task's. Where the host or the card had not
/// enough memory, that
/// is a <see cref="StarKvMemoryException"/>; what the answer held is free then, and the next one is not harmed.</para>
/// <para>Cancellation: a call that waits for others ends at once. One that is being answered ends after at most a row of pixels per core
/// while screenshots are
/// resized, a layer of the vision tower, a layer of the decoder, one selection, or one answer token; on a card the call ends then, and what
/// was queued there
/// is still computed. What was learned, remembered or cached by then is left consistent: the next answer is the same as without the
/// cancelled one.</para>
/// </remarks>
public sealed partial class GuiAgent : IDisposable
{
    private readonly AgentEngine _engine;
    private int _disposed;

    private GuiAgent(LoadedModel loaded, long screenCacheBytes, EngineOptions options) =>
        (_engine, DefaultPrompt) = (new AgentEngine(loaded, screenCacheBytes, options), loaded.Prompt);

    /// <summary>
    /// Bytes of screenshots' embeddings that an agent remembers unless it is told otherwise: thirteen screens of 1932×1092 for a 7B model
    /// in bf16.
    /// </summary>
    public const long DefaultScreenCacheBytes = 256L << 20;

    /// <summary>The device and number type.</summary>
    public Compute Compute => _engine.Model.Compute;

    /// <summary>The model's sizes.</summary>
    public ModelConfig Config => _engine.Model.Config;

    /// <summary>
    /// The prompt used when none is chosen: the <c>prompt</c> named in the folder's <c>starkv.json</c>, else that of the model's family,
    /// <c>uitars.grounding</c> or <c>opencua.grounding</c>.
    /// </summary>
    public PromptStyle DefaultPrompt { get; }

    /// <summary>
    /// Tensors alive on the inference thread, without those that are remembered on purpose: screenshots, the layouts of their sizes, and
    /// what methods keep in
    /// sessions' memories. An answer leaves the count as it found it, however it ends.
    /// </summary>
    public long LiveTensors => _engine.Run(() => _engine.LiveTensors - RememberedTensors);

    /// <summary>How many requests wait and run, and which bytes are held, promised and free; never waits itself.</summary>
    public EngineLoad EngineLoad => _engine.Load;

    /// <summary>Tensors that <see cref="LiveTensors"/> leaves out.</summary>
    internal long RememberedTensors => _engine.Run(() => _engine.RememberedTensors);

    /// <summary>
    /// Loads a model folder in Hugging Face form, or a model that <c>starkv pull</c> or the Python tools put into the cache.
    /// </summary>
    /// <param name="folder">
    /// A folder, which wins, or <c>ORG/NAME[@REVISION]</c>: config.json, tokenizer.json (OpenCUA: tiktoken.model and
    /// tokenizer_config.json), safetensors; generation_config.json, processor_config.json or preprocessor_config.json, and starkv.json if
    /// present.
    /// </param>
    /// <param name="device"><c>auto</c> (default), <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</param>
    /// <param name="type">
    /// The type of weights, activations and the cache: <c>auto</c> (default; bfloat16 on CUDA, float32 on the CPU), <c>float32</c> or
    /// <c>bfloat16</c>.
    /// </param>
    /// <param name="progress">Told of every tensor read; may be null.</param>
    /// <param name="screenCacheBytes">
    /// Bytes of screenshots' embeddings to remember, so that a screen seen before is not encoded again; 0 for none. Default
    /// <see cref="DefaultScreenCacheBytes"/>.
    /// </param>
    /// <param name="engine">How many requests are worked on at the same time, and with how much memory; null for the defaults.</param>
    /// <param name="cancellation">Ends the loading within one tensor, and frees what was loaded.</param>
    /// <exception cref="StarKvMemoryException">The model does not fit into the memory of the host or the card.</exception>
    /// <exception cref="StarKvException">The folder, a file, the device or libtorch is not as it must be.</exception>
    public static GuiAgent Load(
        string folder, string device = "auto", string type = "auto", IProgress<LoadProgress>? progress = null,
        long screenCacheBytes = DefaultScreenCacheBytes, EngineOptions? engine = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(type);
        cancellation.ThrowIfCancellationRequested();
        engine = (engine ?? new EngineOptions()).Bounded();
        var loaded = LoadedModel.Of(HubCache.Resolve(folder), device, type, progress, cancellation);
        // A folder's name, or ORG/NAME as it was asked for.
        var name = Directory.Exists(folder) ? new DirectoryInfo(folder).Name : folder;
        return new GuiAgent(loaded with { Name = name }, screenCacheBytes, engine);
    }

    /// <summary>Loads a model on another thread.</summary>
    /// <inheritdoc cref="Load"/>
    public static Task<GuiAgent> LoadAsync(
        string folder, string device = "auto", string type = "auto", IProgress<LoadProgress>? progress = null,
        long screenCacheBytes = DefaultScreenCacheBytes, EngineOptions? engine = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(type);
        return Task.Run(() => Load(folder, device, type, progress, screenCacheBytes, engine, cancellation), cancellation);
    }

    /// <summary>Takes a model that comes from elsewhere than a folder, such as one of random weights for timing a shape.</summary>
    /// <param name="create">
    /// Makes the model, which the agent frees. Called on the agent's inference thread, where all its tensors belong; what it throws is
    /// thrown here.
    /// </param>
    /// <param name="tokenizer">
    /// A tokenizer with the markers of the model's family; no more tokens than the model's vocabulary. Answer tokens that it does not know
    /// have no text.
    /// </param>
    /// <param name="identity">What tells the model from others: a saved session is restored with a model of equal identity.</param>
    /// <param name="screenCacheBytes">Bytes of screenshots' embeddings to remember; 0 for none.</param>
    /// <param name="engine">How many requests are worked on at the same time, and with how much memory; null for the defaults.</param>
    /// <exception cref="StarKvMemoryException">The model does not fit into the memory of the host or the card.</exception>
    /// <exception cref="StarKvException">The tokenizer does not fit the model, or libtorch is not as it must be.</exception>
    [Experimental("STARKV001")]
    public static GuiAgent FromModel(
        Func<IVisionLanguageModel> create, QwenTokenizer tokenizer, string identity, long screenCacheBytes = DefaultScreenCacheBytes,
        EngineOptions? engine = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(identity);
        engine = (engine ?? new EngineOptions()).Bounded();
        return new GuiAgent(LoadedModel.Of(create, tokenizer, identity), screenCacheBytes, engine);
    }

    /// <summary>
    /// Frees the model. Requests that are worked on are finished first; those that wait end with an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    /// <remarks>
    /// Inside a callback it returns at once, and the model is freed when that answer has been given. Elsewhere it returns when the model is
    /// free.
    /// </remarks>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _engine.Dispose();
    }
}
