using System.Diagnostics.CodeAnalysis;
using StarKV.Compact;
using StarKV.Models;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>Reads prompts from their first layer to their last.</summary>
/// <remarks>Each layer's cache is compacted before the next layer is computed, unless the method needs all layers first.</remarks>
/// <param name="decoder">The text decoder.</param>
[Experimental("STARKV001")]
public sealed class PrefillRunner(TextDecoder decoder)
{
    /// <summary>Reads a prompt whose screenshots are already encoded.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="screens">What the vision tower gives for each frame, oldest first; borrowed.</param>
    /// <param name="compression">Method, budget and memory.</param>
    /// <param name="options">Sizes; default as <see cref="PrefillOptions"/> has them.</param>
    /// <param name="trace">Called with the residual stream after each layer, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every layer and every selection.</param>
    public PrefillResult Run(
        TokenMap prompt, IReadOnlyList<ScreenFeatures> screens, Compression compression, PrefillOptions? options = null,
        Action<string, Tensor>? trace = null, CancellationToken cancellation = default) =>
        Run(prompt, screens, [compression], options, trace, cancellation)[0];

    /// <summary>
    /// Reads a prompt once and compresses it in several ways: the prefill attends to everything, so what is kept does not change it.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="screens">What the vision tower gives for each frame, oldest first; borrowed.</param>
    /// <param name="compressions">Method, budget and memory of each cache.</param>
    /// <param name="options">Sizes; default as <see cref="PrefillOptions"/> has them.</param>
    /// <param name="trace">Called with the residual stream after each layer, for conformance checks; usually null.</param>
    /// <param name="cancellation">Checked before every layer and every selection.</param>
    /// <returns>One result for each compression, in their order.</returns>
    public IReadOnlyList<PrefillResult> Run(
        TokenMap prompt, IReadOnlyList<ScreenFeatures> screens, IReadOnlyList<Compression> compressions, PrefillOptions? options = null,
        Action<string, Tensor>? trace = null, CancellationToken cancellation = default) =>
        [.. Read(null, prompt, screens, compressions, options, apart: false, trace, cancellation).Select(r => r.OrThrow())];

    /// <summary>
    /// Reads a prompt once and compresses it in several ways, each by itself: one that fails leaves its error in its place, and the others
    /// continue.
    /// </summary>
    internal IReadOnlyList<PrefillOutcome> RunEach(
        TokenMap prompt, IReadOnlyList<ScreenFeatures> screens, IReadOnlyList<Compression> compressions, PrefillOptions options,
        CancellationToken cancellation) =>
        Read(null, prompt, screens, compressions, options, apart: true, null, cancellation);

    /// <summary>
    /// Reads only what is new after the cache that an earlier reading left, compressed or not, grown by an answer or not: the new tokens
    /// attend to
    /// every kept row and causally to one another, then kept and new rows compete for the budget of all tokens seen.
    /// </summary>
    /// <remarks>
    /// Rows keep their positions, and new tokens have those that a reading of the whole sequence would give them. docs/methods.md#steps has
    /// the rules.
    /// </remarks>
    /// <param name="before">
    /// The earlier result; taken: each layer is freed as the step replaces it, all of it in the end, also when the step fails.
    /// </param>
    /// <param name="sequence">
    /// All tokens: those that were read, the answer's as they were written, and the new ones, <see cref="TokenMap.Then"/>.
    /// </param>
    /// <param name="screens">What the vision tower gives for each new frame, oldest first; borrowed.</param>
    /// <param name="compression">Method, budget of all tokens seen, and memory.</param>
    /// <param name="options">Sizes; default as <see cref="PrefillOptions"/> has them.</param>
    /// <param name="cancellation">Checked before every layer and every selection.</param>
    /// <returns>A cache in place of the earlier one, and the logits after the last new token.</returns>
    /// <exception cref="StarKvException">
    /// The sequence does not continue the cache, is longer than the model's positions, or the method cannot choose among its rows.
    /// </exception>
    public PrefillResult Continue(
        PrefillResult before, TokenMap sequence, IReadOnlyList<ScreenFeatures> screens, Compression compression,
        PrefillOptions? options = null, CancellationToken cancellation = default) =>
        Read(before, sequence, screens, [compression], options, apart: false, null, cancellation)[0].OrThrow();

    private IReadOnlyList<PrefillOutcome> Read(
        PrefillResult? before, TokenMap prompt, IReadOnlyList<ScreenFeatures> screens, IReadOnlyList<Compression> compressions,
        PrefillOptions? options, bool apart,
        Action<string, Tensor>? trace, CancellationToken cancellation)
    {
        using var run = new PrefillRun(
            decoder, before is null
                ? null
                : new CachedTokens(before.Cache, taken: before), prompt, screens, compressions, options ?? new PrefillOptions(), apart,
                trace);
        while (run.MoveNext(cancellation))
        {
        }

        return run.Finish(cancellation);
    }
}
