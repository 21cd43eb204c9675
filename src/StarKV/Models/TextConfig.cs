using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using StarKV.Files;
using StarKV.Text;

namespace StarKV.Models;

/// <summary>Sizes of the text decoder. Attention is full and causal in every layer.</summary>
/// <remarks>Source: <c>text_config</c> of <c>config.json</c>, or in older files its top level.</remarks>
public sealed record TextConfig
{
    /// <summary>Bounds of sizes, several times those of the largest published models, so that no product of two overflows.</summary>
    internal const int MaxWidth = 1 << 16, MaxMlpWidth = 1 << 20, MaxLayers = 1024;

    /// <value>Width of the residual stream; no default.</value>
    public required int HiddenSize { get; init; }

    /// <value>Width of the gated MLP; no default.</value>
    public required int IntermediateSize { get; init; }

    /// <value>Number of decoder layers; no default.</value>
    public required int Layers { get; init; }

    /// <value>Number of query heads; no default.</value>
    public required int Heads { get; init; }

    /// <value>Number of key/value heads; divides <see cref="Heads"/>; no default.</value>
    public required int KvHeads { get; init; }

    /// <value>Rows of the embedding table; no default.</value>
    public required int VocabSize { get; init; }

    /// <value>Width of one head, even; default <see cref="HiddenSize"/> / <see cref="Heads"/>.</value>
    public int HeadDim
    {
        get => field > 0 ? field : HiddenSize / Heads;
        init;
    }

    /// <value>Added to the mean square in the norms; default 1e-6.</value>
    public double RmsNormEps { get; init; } = 1e-6;

    /// <value>Base of the rotary frequencies; default 1,000,000.</value>
    public double RopeTheta { get; init; } = 1e6;

    /// <value>What a rotary position counts; default <see cref="RopeKind.MRope"/>.</value>
    public RopeKind Rope { get; init; }

    /// <value>
    /// Rotary frequency pairs for time, height and width; three numbers whose sum is <see cref="HeadDim"/> / 2; default 16, 24, 24.
    /// </value>
    public ImmutableArray<int> MropeSection { get; init; } = [16, 24, 24];

    /// <value>
    /// Whether the pairs of the three axes take turns (time, height, width, time, …) until height and width have theirs and time takes the
    /// rest; false (default) for one run of pairs for each axis.
    /// </value>
    public bool InterleavedAxes { get; init; }

    /// <value>Whether the projections to queries, keys and values add a bias; default true.</value>
    public bool QkvBias { get; init; } = true;

    /// <value>
    /// Whether each head's queries and keys go through a root-mean-square norm before their rotation, with one weight for all query heads
    /// of a layer and one for all key heads; default false.
    /// </value>
    public bool HeadNorms { get; init; }

    /// <value>The axis that turns each channel pair, [d / 2]: 0 time, 1 height, 2 width.</value>
    [Experimental("STARKV001")]
    public long[] RotaryAxes => InterleavedAxes
        ? [.. Enumerable.Range(0, HeadDim / 2).Select(i => i % 3 is not 0 && i < 3 * MropeSection[i % 3] ? i % 3L : 0)]
        : [.. MropeSection.SelectMany((count, axis) => Enumerable.Repeat((long)axis, count))];

    /// <value>
    /// True when the embedding table is also the output head, so that the files hold no <c>lm_head.weight</c>; default false.
    /// </value>
    public bool TieWordEmbeddings { get; init; }

    /// <value>Tokens that a prompt and its answer may have together; default 32,768. Longer ones are refused.</value>
    public int MaxPositions { get; init; } = 32768;

    internal static TextConfig Read(JsonFields root, ModelFamily family)
    {
        // A field of the nested form wins over one of that name at the top level, as in the library that writes them.
        var text = root.Object("text_config") ?? root;
        var rope = text.Object("rope_parameters") ?? text.Object("rope_scaling");
        var oneDimensional = family.Rope == RopeKind.OneDimensional;
        // The libraries' defaults differ where the positions are one-dimensional, and a wrong base gives nonsense without an error.
        if (oneDimensional && !text.Has("rope_theta") && rope?.Has("rope_theta") is not true)
            throw text.Error("there is no rope_theta, which has no default for this model; take the file of the published model.");
        var config = ReadSizes(root, text) with
        {
            RopeTheta = text.Number("rope_theta", rope?.Number("rope_theta", 1e6, 1, 1e12) ?? 1e6, 1, 1e12),
            Rope = family.Rope,
            // One position turns all pairs.
            MropeSection = oneDimensional
                ? [text.RequiredSize("hidden_size") / text.RequiredSize("num_attention_heads") / 2, 0, 0]
                : rope?.Wholes("mrope_section", 0, 1 << 16) ?? [16, 24, 24],
        };
        if (config.HiddenSize % config.Heads != 0 || config.HeadDim % 2 != 0)
        {
            throw text.Error(
                $"hidden_size {config.HiddenSize} must be a multiple of num_attention_heads {config.Heads} with an even head size.");
        }

        config.Check(text, rope);
        return config;
    }

    /// <summary>Reads what every text decoder of this kind is described by; the positions are left at their defaults.</summary>
    /// <param name="root">The whole file.</param>
    /// <param name="text">Its part that describes the decoder; may be the whole.</param>
    internal static TextConfig ReadSizes(JsonFields root, JsonFields text) => new()
    {
        HiddenSize = text.RequiredSize("hidden_size", MaxWidth),
        IntermediateSize = text.RequiredSize("intermediate_size", MaxMlpWidth),
        Layers = text.RequiredSize("num_hidden_layers", MaxLayers),
        Heads = text.RequiredSize("num_attention_heads", MaxWidth),
        KvHeads = text.RequiredSize("num_key_value_heads", MaxWidth),
        VocabSize = text.RequiredSize("vocab_size", TokenizerFile.LargestId + 1),
        RmsNormEps = text.Number("rms_norm_eps", 1e-6, 1e-12, 0.1),
        TieWordEmbeddings = root.Flag("tie_word_embeddings", text.Flag("tie_word_embeddings", false)),
        MaxPositions = text.Size("max_position_embeddings", 32768),
    };

    /// <summary>Refuses sizes that contradict one another, and what no decoder of this kind has.</summary>
    /// <param name="text">What was read.</param>
    /// <param name="rope">Its part that describes the rotary positions.</param>
    internal void Check(JsonFields text, JsonFields? rope)
    {
        if (Heads % KvHeads != 0)
            throw text.Error($"num_attention_heads {Heads} must be a multiple of num_key_value_heads {KvHeads}.");
        if (MropeSection.Length != 3 || MropeSection.Sum() != HeadDim / 2)
        {
            throw text.Error(
                $"mrope_section [{string.Join(", ", MropeSection)}] must be three numbers with the sum {HeadDim / 2}, " +
                    $"half the head size of {HeadDim}.");
        }

        if (text.Flag("use_sliding_window", false))
            throw text.Error("use_sliding_window is true; only full attention is supported. " +
                "Use a model that was trained without a sliding window.");
        if (text.Text("hidden_act") is { } act and not "silu")
            throw text.Error($"hidden_act is {MessageText.Name(act)}; only silu is supported.");
        if ((rope?.Text("rope_type") ?? rope?.Text("type")) is { } type and not ("mrope" or "default"))
            throw text.Error($"the rotary type is {MessageText.Name(type)}; only default and mrope are supported. " +
                $"Remove the extension from rope_scaling.");
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{ListText.Count(Layers, "layer")} of {HiddenSize}, heads {Heads} and {KvHeads} of {HeadDim}, vocabulary {VocabSize}, " +
            $"rotary {Rope} {ListText.Of(MropeSection)}";
}
