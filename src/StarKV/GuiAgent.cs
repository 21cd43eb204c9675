using System.Diagnostics.CodeAnalysis;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
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

    /// <summary>Answers an instruction about one screenshot.</summary>
    /// <param name="screen">The screen as it is now.</param>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">Method, budget, prompt and lengths; default star-kv at 20 %.</param>
    /// <param name="cancellation">
    /// Ends the call at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    public GroundingAnswer Ground(
        Screenshot screen, string instruction, GroundingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(screen);
        return Ground([screen], instruction, options, cancellation);
    }

    /// <summary>Answers an instruction about a history of screenshots, oldest first; the last one is the screen as it is now.</summary>
    /// <inheritdoc cref="Ground(Screenshot, string, GroundingOptions?, CancellationToken)"/>
    public GroundingAnswer Ground(
        IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions? options = null, CancellationToken cancellation = default)
    {
        options = Checked(ref screens, options ?? new GroundingOptions());
        ArgumentNullException.ThrowIfNull(instruction);
        return AnswerNow(Asked(screens, instruction, options, [options.Compression]), cancellation);
    }

    /// <summary>
    /// Answers an instruction about a history of screenshots without blocking the caller: they are resized on the thread pool.
    /// </summary>
    /// <param name="screens">Screenshots, oldest first, at least one.</param>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">Method, budget, prompt and lengths; default star-kv at 20 %.</param>
    /// <param name="onText">
    /// Called on the inference thread with each new piece of the answer; may be null. What it throws is the answer's error. It must not
    /// wait for another
    /// answer of this agent that was asked for elsewhere.
    /// </param>
    /// <param name="cancellation">
    /// Ends the call at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    public Task<GroundingAnswer> GroundAsync(
        IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions? options = null, Action<string>? onText = null,
        CancellationToken cancellation = default)
    {
        options = Checked(ref screens, options ?? new GroundingOptions());
        ArgumentNullException.ThrowIfNull(instruction);
        return AnswerLater(Asked(screens, instruction, options, [options.Compression]) with { OnText = onText }, cancellation);
    }

    /// <summary>
    /// Reads a prompt once and answers it from the cache of each compression, all answers side by side: what evaluations use. A cache that
    /// fails leaves the others as they are.
    /// </summary>
    /// <param name="screens">Screenshots, oldest first, at least one.</param>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">The compressions and the prompt.</param>
    /// <param name="cancellation">
    /// Ends the call at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    public ManyAnswers AnswerMany(
        IReadOnlyList<Screenshot> screens, string instruction, ManyAnswersOptions options, CancellationToken cancellation = default)
    {
        options = Checked(ref screens, options);
        ArgumentNullException.ThrowIfNull(instruction);
        return AnswerMany(Asked(screens, instruction, options, options.Compressions), cancellation);
    }

    /// <summary>Reads a conversation of the caller's own once and answers it from the cache of each compression.</summary>
    /// <param name="screens">Screenshots, oldest first, at least one.</param>
    /// <param name="messages">Makes the conversation from the screenshots' merged grids; every grid stands in it once, in order.</param>
    /// <param name="options">The compressions. Prompt, position and past actions are not used.</param>
    /// <param name="cancellation">
    /// Ends the call at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    /// <exception cref="StarKvException">The conversation does not show every screenshot once.</exception>
    public ManyAnswers AnswerMany(
        IReadOnlyList<Screenshot> screens, Func<IReadOnlyList<MergedGrid>, IReadOnlyList<ChatMessage>> messages, ManyAnswersOptions options,
        CancellationToken cancellation = default)
    {
        options = Checked(ref screens, options);
        ArgumentNullException.ThrowIfNull(messages);
        return AnswerMany(new Request(screens, new PromptContent.Conversation(messages), options.Compressions, options), cancellation);
    }

    private ManyAnswers AnswerMany(Request request, CancellationToken cancellation)
    {
        var input = Prepare(request, cancellation);
        var measured = request.Options.MeasureTimes;
        // All that drop nothing are one cache, unless the time of each is looked at.
        var caches = measured ? request.Compressions : [.. request.Compressions.Select(c => DropsNothing(c) ? Compression.None : c)];
        var distinct = measured ? caches.ToList() : caches.Distinct().ToList();
        var answers = Answer(input with { Request = request with { Compressions = distinct } }, cancellation).GetAwaiter().GetResult();
        return new ManyAnswers(input.Prompt, [.. caches.Select((c, i) => answers[measured ? i : distinct.IndexOf(c)].Told)]);

        bool DropsNothing(Compression c) => c.KeepsEverything || c.Budget.Capacity(input.Prompt.Length) == input.Prompt.Length;
    }

    /// <summary>
    /// Answers a prompt given as text in the model's own chat form, with one <see cref="ChatFormat.ImagePad"/> a screenshot; control tokens
    /// in it act.
    /// </summary>
    /// <inheritdoc cref="GroundAsync"/>
    public GroundingAnswer GroundRaw(
        IReadOnlyList<Screenshot> screens, string rawPrompt, GroundingOptions? options = null, CancellationToken cancellation = default)
    {
        options = Checked(ref screens, options ?? new GroundingOptions());
        ArgumentNullException.ThrowIfNull(rawPrompt);
        return AnswerNow(new Request(screens, new PromptContent.WrittenOut(rawPrompt), [options.Compression], options), cancellation);
    }

    /// <summary>Streams the text of an answer piece by piece. Stopping the enumeration ends the answer as cancelling it does.</summary>
    /// <inheritdoc cref="GroundAsync"/>
    public IAsyncEnumerable<string> StreamAsync(
        IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions? options = null, CancellationToken cancellation = default)
    {
        options = Checked(ref screens, options ?? new GroundingOptions());
        ArgumentNullException.ThrowIfNull(instruction);
        return AnswerStream.Of((onText, stop) => GroundAsync(screens, instruction, options, onText, stop), cancellation);
    }

    /// <summary>Opens a session: one task, whose screenshots come step by step.</summary>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">Method, budget, storage, prompt and lengths; default star-kv at 20 %, lossless.</param>
    /// <returns>The session, which its holder disposes; disposing the agent frees what it holds.</returns>
    /// <exception cref="StarKvException">The instruction is blank, or an option is out of its bounds.</exception>
    public GuiSession OpenSession(string instruction, SessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        ArgumentNullException.ThrowIfNull(instruction);
        options = AgentArguments.Checked(options ?? new SessionOptions()).Bounded();
        if (string.IsNullOrWhiteSpace(instruction))
            throw new StarKvException("The instruction is empty; say what is to be done on the screens to come.");
        return new GuiSession(_engine, instruction, options.Prompt ?? DefaultPrompt, options);
    }

    /// <summary>Opens a conversation of the caller's own, which is written out whole at each step.</summary>
    /// <param name="options">
    /// Method, budget, storage and lengths; default star-kv at 20 %, lossless. Prompt, position, past actions and windows are not used.
    /// </param>
    /// <returns>The session, which its holder disposes; disposing the agent frees what it holds.</returns>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public ConversationSession OpenConversation(SessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        return new ConversationSession(_engine, AgentArguments.Checked(options ?? new SessionOptions()).Bounded());
    }

    /// <summary>Goes on with a session that <see cref="GuiSession.Save"/> wrote, in this process or another one.</summary>
    /// <remarks>
    /// The file is checked before anything of it is used; a session whose file is refused leaves nothing behind. Other answers of this
    /// agent
    /// wait meanwhile.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not decide; default nothing.</param>
    /// <param name="cancellation">Ends the reading within one layer.</param>
    /// <returns>The session, which its holder disposes; disposing the agent frees what it holds.</returns>
    /// <exception cref="StarKvMemoryException">The rows do not fit into the host's memory.</exception>
    /// <exception cref="StarKvException">
    /// The file cannot be read, is damaged, was written by another version or with another model or number type, or its method is not
    /// known.
    /// </exception>
    public GuiSession RestoreSession(string path, RestoreOptions? options = null, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        ArgumentNullException.ThrowIfNull(path);
        return GuiSession.Restore(_engine, path, (options ?? new RestoreOptions()).Bounded(), cancellation);
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

    /// <summary>Checks what every question has: an agent that lives, screenshots, options.</summary>
    private T Checked<T>(ref IReadOnlyList<Screenshot> screens, T options) where T : AnswerOptions
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        screens = AgentArguments.Copy(screens);
        return AgentArguments.Checked(options);
    }

    private static Request Asked(
        IReadOnlyList<Screenshot> screens, string instruction, AnswerOptions options, IReadOnlyList<Compression> compressions) =>
        new(screens, new PromptContent.Instruction(instruction, options.PastActions, options.Position), compressions, options);

    private PreparedPrompt Prepare(Request request, CancellationToken cancellation) =>
        PreparedPrompt.Of(request, _engine.Model, _engine.Tokenizer, DefaultPrompt, cancellation);

    private GroundingAnswer AnswerNow(Request request, CancellationToken cancellation) =>
        Only(Answer(Prepare(request, cancellation), cancellation).GetAwaiter().GetResult());

    /// <summary>
    /// Prepares the prompt away from the caller, then answers it. Inside a callback both happen before this returns: no other thread could
    /// do them.
    /// </summary>
    private async Task<GroundingAnswer> AnswerLater(Request request, CancellationToken cancellation)
    {
        var input = await _engine.Prepare(() => Prepare(request, cancellation), cancellation).ConfigureAwait(false);
        return Only(await Answer(input, cancellation).ConfigureAwait(false));
    }

    private static GroundingAnswer Only(IReadOnlyList<CacheOutcome> outcomes) => outcomes[0].OrThrow().Answer;

    /// <summary>Reads the prompt once and answers from each compression's cache, in their order.</summary>
    private Task<IReadOnlyList<CacheOutcome>> Answer(PreparedPrompt input, CancellationToken cancellation)
    {
        if (input.Images.Count == 0)
            throw new StarKvException("There is no screenshot; give at least one image.");
        var options = input.Request.Options;
        var generation = options.Generation.Checked();
        ContextLength.Check(Config.Text.MaxPositions, _engine.Model.Text.Positions(input.Prompt), generation.MaxNewTokens);
        input = input with { Request = input.Request with { Options = options with { Generation = generation } } };
        return AnswerThoseThatFit(input, cancellation);
    }

    /// <summary>What cannot fit is known before anything is read.</summary>
    private async Task<IReadOnlyList<CacheOutcome>> AnswerThoseThatFit(PreparedPrompt input, CancellationToken cancellation)
    {
        var outcomes = input.Request.Compressions.Select(c => Unfit(c, input.Prompt)).ToArray();
        var fit = Enumerable.Range(0, outcomes.Length).Where(i => outcomes[i] is null).ToList();
        if (fit.Count > 0)
        {
            var compressions = fit.Select(i => input.Request.Compressions[i].For(_engine.Tokenizer, input.Answers)).ToList();
            var prompt = input with { Request = input.Request with { Compressions = compressions } };
            var reading = new WholePrompt(prompt, _engine.Model, _engine.Reading(prompt));
            var read = await _engine.Ask(reading, new JobClient(), cancellation).ConfigureAwait(false);
            foreach (var (i, outcome) in fit.Zip(read))
                outcomes[i] = outcome;
        }

        return outcomes!;
    }

    private CacheOutcome? Unfit(Compression compression, TokenMap prompt)
    {
        try
        {
            PromptCompactor.Check(compression, prompt, Config.Text.Layers);
            return null;
        }
        catch (Exception e)
        {
            return new CacheOutcome(e);
        }
    }
}
