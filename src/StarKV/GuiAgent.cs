using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StarKV.Act;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Models.Qwen25Vl;
using StarKV.Prefill;
using StarKV.Report;
using StarKV.Runtime;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV;

/// <summary>A loaded model that answers instructions about screenshots on a compressed cache. Safe to call from several threads; answers are given one by one.</summary>
public sealed class GuiAgent : IDisposable
{
    private readonly InferenceThread _thread;
    private readonly Qwen25VlModel _model;
    private readonly QwenTokenizer _tokenizer;
    private readonly GenerationConfig _generation;
    private int _disposed;

    private GuiAgent(InferenceThread thread, Qwen25VlModel model, QwenTokenizer tokenizer, GenerationConfig generation, PromptStyle prompt)
    {
        _thread = thread;
        _model = model;
        _tokenizer = tokenizer;
        _generation = generation;
        DefaultPrompt = prompt;
    }

    /// <summary>The device and number type.</summary>
    public Compute Compute => _model.Compute;

    /// <summary>The model's sizes.</summary>
    public Qwen25VlConfig Config => _model.Config;

    /// <summary>The prompt used when none is chosen: the <c>prompt</c> named in the folder's <c>starkv.json</c>, else <c>uitars.grounding</c>.</summary>
    public PromptStyle DefaultPrompt { get; }

    /// <summary>Tensors alive on the inference thread; an answer leaves the count as it found it.</summary>
    public long LiveTensors => _thread.LiveTensors;

    /// <summary>Loads a model folder in Hugging Face form.</summary>
    /// <param name="folder">config.json, tokenizer.json, safetensors; generation_config.json, preprocessor_config.json and starkv.json if present.</param>
    /// <param name="device"><c>auto</c> (default), <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</param>
    /// <param name="progress">Told of every tensor read; may be null.</param>
    /// <exception cref="StarKvException">The folder, a file, the device or libtorch is not as it must be.</exception>
    public static GuiAgent Load(string folder, string device = "auto", IProgress<LoadProgress>? progress = null)
    {
        var thread = new InferenceThread("StarKV inference");
        Qwen25VlModel? model = null;
        try
        {
            // Text and tensors are read side by side; the checkpoint's errors come first, since it also names a missing folder.
            var text = Task.Run(() => QwenTokenizer.Load(Path.Combine(folder, "tokenizer.json")));
            model = thread.Run(() =>
            {
                var compute = Compute.Choose(device);
                TorchOps.WarmUp();
                return Qwen25VlModel.Load(folder, compute, progress);
            });
            return new GuiAgent(thread, model, text.GetAwaiter().GetResult(), GenerationConfig.Load(folder), PromptOf(folder));
        }
        catch
        {
            if (model is not null)
                thread.Run(model.Dispose);
            thread.Dispose();
            throw;
        }
    }

    /// <summary>Answers an instruction about one screenshot.</summary>
    /// <param name="screen">The screen as it is now.</param>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">Method, budget, prompt and lengths; default star-kv at 20 %.</param>
    /// <param name="cancellation">Ends the answer within one token.</param>
    public GroundingAnswer Ground(Screenshot screen, string instruction, GroundingOptions? options = null, CancellationToken cancellation = default) =>
        Ground([screen], instruction, options, cancellation);

    /// <summary>Answers an instruction about a history of screenshots, oldest first; the last one is the screen as it is now.</summary>
    /// <inheritdoc cref="Ground(Screenshot, string, GroundingOptions?, CancellationToken)"/>
    public GroundingAnswer Ground(IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions? options = null, CancellationToken cancellation = default) =>
        GroundAsync(screens, instruction, options, null, cancellation).GetAwaiter().GetResult();

    /// <summary>Answers an instruction about a history of screenshots without blocking the caller.</summary>
    /// <param name="screens">Screenshots, oldest first, at least one.</param>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">Method, budget, prompt and lengths; default star-kv at 20 %.</param>
    /// <param name="onText">Called on the inference thread with each new piece of the answer; may be null.</param>
    /// <param name="cancellation">Ends the answer within one token.</param>
    public Task<GroundingAnswer> GroundAsync(
        IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions? options = null, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        options ??= new GroundingOptions();
        var watch = Stopwatch.StartNew();
        var (images, grids) = Prepare(screens);
        var request = new PromptRequest(instruction, grids)
        {
            PastActions = options.PastActions,
            Position = options.Position,
        };
        var prompt = new PromptBuilder(_tokenizer).Build(options.Prompt ?? DefaultPrompt, request);
        return Answer(images, prompt, options, watch.Elapsed, onText, cancellation);
    }

    /// <summary>Answers a prompt given as text in the model's own chat form, with one <c>&lt;|image_pad|&gt;</c> a screenshot; control tokens in it act.</summary>
    /// <inheritdoc cref="GroundAsync"/>
    public GroundingAnswer GroundRaw(IReadOnlyList<Screenshot> screens, string rawPrompt, GroundingOptions? options = null, CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        var (images, grids) = Prepare(screens);
        var prompt = RawPrompt.Encode(_tokenizer, rawPrompt, grids);
        return Answer(images, prompt, options ?? new GroundingOptions(), watch.Elapsed, null, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Streams the text of an answer piece by piece; stopping the enumeration ends the answer within one token.</summary>
    /// <inheritdoc cref="GroundAsync"/>
    public async IAsyncEnumerable<string> StreamAsync(
        IReadOnlyList<Screenshot> screens, string instruction, GroundingOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answer = Task.Run(async () =>
        {
            try
            {
                await GroundAsync(screens, instruction, options, piece => pieces.Writer.TryWrite(piece), stop.Token).ConfigureAwait(false);
                pieces.Writer.Complete();
            }
            catch (Exception e)
            {
                pieces.Writer.Complete(e);
            }
        }, CancellationToken.None);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return piece;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await answer.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _thread.Run(_model.Dispose);
        _thread.Dispose();
    }

    /// <summary>The screenshots as the model sees them, and how many tokens each takes.</summary>
    private (List<ModelImage> Images, List<MergedGrid> Grids) Prepare(IReadOnlyList<Screenshot> screens)
    {
        var images = screens.Select(s => s.ForModel(_model.Pixels.Resize)).ToList();
        return (images, [.. images.Select(i => new MergedGrid(i.Grid.Rows, i.Grid.Columns))]);
    }

    private Task<GroundingAnswer> Answer(
        List<ModelImage> images, TokenMap prompt, GroundingOptions options, TimeSpan preprocess, Action<string>? onText, CancellationToken cancellation)
    {
        if (images.Count == 0)
            throw new StarKvException("There is no screenshot; give at least one image.");
        var generation = options.Generation.Checked();
        return _thread.RunAsync(() =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = TorchSharp.torch.NewDisposeScope();
            var watch = Stopwatch.StartNew();
            var screens = new ScreenEncoder(_model.Vision).Encode(images);
            Compute.Synchronize();
            var vision = Lap(watch);
            using var prefill = new PrefillRunner(_model.Text).Run(prompt, screens, new Compression(options.Method, options.Budget) { Memory = options.Memory }, new PrefillOptions
            {
                ChunkTokens = options.ChunkTokens,
                AnswerRoom = Math.Min(generation.MaxNewTokens, 64),
            }, cancellation: cancellation);
            Compute.Synchronize();
            var (read, kv) = (Lap(watch), KvReport.Of(prefill.Cache));
            watch.Restart();
            using var sampler = new Sampler(generation, generation.Penalty(_generation), prompt.Ids, prefill.Logits.shape[1], Compute.Device);
            var written = new TokenLoop(_model.Text).Run(
                prefill, sampler, generation, id => _model.Config.EosTokenIds.Contains(id), new StreamingDecoder(_tokenizer), onText, cancellation: cancellation);
            var decode = Lap(watch);

            var last = images[^1];
            var coordinates = CoordinateMapper.ForModelPixels(last.OriginalWidth, last.OriginalHeight, _model.Pixels.Resize);
            return new GroundingAnswer
            {
                Text = written.Text,
                Parsed = UiTarsActionParser.Parse(written.Text, coordinates),
                Coordinates = coordinates,
                Tokens = written.Tokens,
                Finish = written.Finish,
                Kv = kv,
                Grids = [.. images.Select(i => i.Grid)],
                Kept = KeptCells.Of(prefill.Cache),
                Times = new StageTimes { Preprocess = preprocess, Vision = vision, Prefill = read, Selection = prefill.Selection, Decode = decode },
            };
        });
    }

    private static TimeSpan Lap(Stopwatch watch)
    {
        var elapsed = watch.Elapsed;
        watch.Restart();
        return elapsed;
    }

    private static PromptStyle PromptOf(string folder) =>
        PromptStyle.Get(JsonFile.ReadIfPresent(Path.Combine(folder, "starkv.json"))?.Text("prompt") ?? "uitars.grounding");
}
