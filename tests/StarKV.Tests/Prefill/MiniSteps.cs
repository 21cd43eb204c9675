using StarKV.Compact;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Tests.Agent;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

/// <summary>The shipped model and one of its samples of several screenshots, read in parts; loaded once, on the tests' thread.</summary>
public sealed class MiniSteps : IDisposable
{
    private readonly List<ScreenFeatures> _screens;

    private readonly QwenTokenizer _tokenizer = QwenTokenizer.LoadFolder(MiniModel.Folder);

    public MiniSteps() => (Model, Prompt, _screens) = TorchThread.Run(() =>
    {
        var model = ModelRegistry.Load(MiniModel.Folder, Compute.Choose("cpu"));
        var sample = MiniSample.Of("multi_step_instruction_first_0");
        var images = sample.Screens().Select(s => s.ForModel(model.Pixels.Resize)).ToList();
        var prompt = RawPrompt.Encode(_tokenizer, sample.Prompt, [.. images.Select(i => new MergedGrid(i.Grid.Rows, i.Grid.Columns))]);
        return (model, prompt, new ScreenEncoder(model.Vision).Encode(images).Select(s => new ScreenFeatures(s.Embeddings.DetachFromDisposeScope())).ToList());
    });

    public IVisionLanguageModel Model { get; }

    /// <summary>A conversation of three screenshots with two past answers.</summary>
    public TokenMap Prompt { get; }

    /// <summary>The tokens from <paramref name="start"/> to <paramref name="end"/> as a sequence of their own.</summary>
    public static TokenMap Part(TokenMap map, int start, int end) => new(
        map.Ids[start..end], map.Classes[start..end], [.. map.Frames.Where(f => f.Start >= start && f.End <= end).Select(f => f with { Start = f.Start - start, End = f.End - start })]);

    /// <summary>The first token of each turn's user part, and the end: where a session's steps begin.</summary>
    public int[] Turns() => [0, .. Prompt.Frames.Skip(1).Select(f => f.Start - 1), Prompt.Length];

    /// <summary>Reads a sequence that holds the sample's first screenshots; the caller owns the result.</summary>
    public PrefillResult Read(TokenMap prompt, Compression? compression = null, IDraftWriter? drafts = null, CancellationToken cancellation = default) =>
        new PrefillRunner(Model.Text).Run(
            prompt, _screens[..prompt.Frames.Count], WithBranches(compression ?? Compression.None), Reading(drafts), cancellation: cancellation);

    /// <summary>Reads the whole sample for several caches, each by itself, without one who writes drafts; the caller owns the results.</summary>
    internal IReadOnlyList<PrefillOutcome> ReadApart(IReadOnlyList<Compression> compressions) =>
        new PrefillRunner(Model.Text).RunEach(Prompt, _screens, compressions, new PrefillOptions(), default);

    /// <summary>Reads the whole sample once for several caches, with the branches that each of them names; the caller owns the results.</summary>
    public IReadOnlyList<PrefillResult> ReadEach(TokenMap prompt, IReadOnlyList<Compression> compressions) =>
        new PrefillRunner(Model.Text).Run(prompt, _screens[..prompt.Frames.Count], compressions, Reading());

    /// <summary>Reads what is new in a sequence; the caller owns the result, the earlier one is taken.</summary>
    public PrefillResult Continue(PrefillResult before, TokenMap sequence, Compression? compression = null, CancellationToken cancellation = default) =>
        new PrefillRunner(Model.Text).Continue(before, sequence, _screens[before.Cache.Prompt.Frames.Count..sequence.Frames.Count], WithBranches(compression ?? Compression.None), Reading(), cancellation);

    /// <summary>How it is read: with drafts that are written as <see cref="Greedy"/> writes.</summary>
    private PrefillOptions Reading(IDraftWriter? drafts = null) =>
        new() { Drafts = drafts ?? new DraftWriter(Model.Text, new GenerationOptions(), 1, _ => false) };

    /// <summary>The compression with the tokens of its method's branches, unless it has them.</summary>
    private Compression WithBranches(Compression compression) =>
        compression.Branches is null ? compression.For(_tokenizer, new AnswerStyle(ActionLanguage.UiTars, WordsFirst: false)) : compression;

    /// <summary>Writes an answer of so many tokens onto the cache.</summary>
    public IReadOnlyList<int> Greedy(PrefillResult prefill, int tokens = 20)
    {
        var options = new GenerationOptions { MaxNewTokens = tokens };
        using var sampler = new Sampler(options, 1, Prompt.Ids, prefill.Logits.shape[1], CPU);
        return new TokenLoop(Model.Text).Run(prefill, sampler, options, _ => false, null).Tokens;
    }

    /// <summary>An answer as a sequence.</summary>
    public static TokenMap Answer(IReadOnlyList<int> tokens) => new([.. tokens], [.. tokens.Select(_ => TokenClass.Assistant)], []);

    public void Dispose() => TorchThread.Run(() =>
    {
        _screens.ForEach(s => s.Dispose());
        Model.Dispose();
    });
}
