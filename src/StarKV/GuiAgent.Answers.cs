using StarKV.Compact;
using StarKV.Input;
using StarKV.Prefill;
using StarKV.Schedule;
using StarKV.Text;

namespace StarKV;

/// <content>Questions that are read whole: one answer, or one for each of several caches.</content>
public sealed partial class GuiAgent
{
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
