using StarKV.Models;
using StarKV.Models.Qwen25Vl;

namespace StarKV.MiniGui.Training.Weights;

/// <summary>Names the kinds of weights, in the order in which they are in the flat vector.</summary>
internal enum Weight
{
    // Muon.
    TextQkv, TextOut, TextGateUp, TextDown, VisionQkv, VisionProj, VisionGateUp, VisionDown, MergeFirst, MergeSecond,
    // AdamW with decay.
    Embedding, Patches,
    // AdamW without decay.
    TextNorm1, TextQkvBias, TextNorm2, FinalNorm,
    VisionNorm1, VisionQkvBias, VisionProjBias, VisionNorm2, VisionGateUpBias, VisionDownBias, MergeNorm, MergeFirstBias, MergeSecondBias,
    // The cell loss and the place loss alone; not part of the model.
    CellGain, CellScale, Places,
}

/// <summary>Where each weight of a model is in one flat vector: one cast, one clip and one AdamW serve all of them.</summary>
internal sealed class ParameterLayout
{
    /// <summary>Columns, and rows, that the place loss distinguishes: screens of up to 1,792 pixels per side.</summary>
    public const int PlaceClasses = 64;

    private const string Text = "model.language_model.", Vision = "model.visual.";
    private readonly ParameterSlot[] _slots = new ParameterSlot[Enum.GetValues<Weight>().Length];

    public ParameterLayout(Qwen25VlConfig config)
    {
        if (!config.Text.TieWordEmbeddings)
            throw new StarKvException("The trainer needs tied embeddings: set tie_word_embeddings to true in the shape's config.json.");
        DescribeText(config.Text);
        DescribeVision(config.Vision);
        Set(Weight.CellGain, 1, [config.Text.HiddenSize], _ => [new("training.cell_gain", [config.Text.HiddenSize])]);
        Set(Weight.CellScale, 1, [1], _ => [new("training.cell_scale", [1])]);
        Set(
            Weight.Places,
            1,
            [2 * PlaceClasses, config.Text.HiddenSize],
            _ => [new("training.places", [2 * PlaceClasses, config.Text.HiddenSize])]);
        var offset = 0L;
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i] = _slots[i] with { Offset = offset };
            offset += _slots[i].Numbers;
        }

        Numbers = offset;
    }

    public IReadOnlyList<ParameterSlot> Slots => _slots;

    public ParameterSlot this[Weight weight] => _slots[(int)weight];

    /// <value>Numbers in all.</value>
    public long Numbers { get; }

    /// <value>The first numbers are matrices for Muon.</value>
    public long MuonNumbers => this[Weight.Embedding].Offset;

    /// <value>The first numbers decay.</value>
    public long DecayedNumbers => this[Weight.TextNorm1].Offset;

    /// <value>The first numbers belong to the model; the rest to the cell and place losses.</value>
    public long ModelNumbers => this[Weight.CellGain].Offset;

    private void DescribeText(TextConfig c)
    {
        var n = c.Layers;
        var d = (long)c.HiddenSize;
        var kv = (long)c.KvHeads * c.HeadDim;
        var mlp = (long)c.IntermediateSize;
        static string Layer(int i) => $"{Text}layers.{i}.";
        // Published apart, so orthogonalised apart: a key head's update should not depend on the queries'.
        Set(Weight.TextQkv, n, [d + 2 * kv, d], i => Qkv(i, "weight", d), new(0, d, d), new(d, 2 * kv, kv));
        Set(Weight.TextOut, n, [d, d], i => [new(Layer(i) + "self_attn.o_proj.weight", [d, d])], new MuonPart(0, d, d));
        Set(
            Weight.TextGateUp,
            n,
            [2 * mlp, d],
            i => [new(Layer(i) + "mlp.gate_proj.weight", [mlp, d]), new(Layer(i) + "mlp.up_proj.weight", [mlp, d])],
            new MuonPart(0, 2 * mlp, mlp));
        Set(Weight.TextDown, n, [d, mlp], i => [new(Layer(i) + "mlp.down_proj.weight", [d, mlp])], new MuonPart(0, d, d));
        Set(Weight.Embedding, 1, [c.VocabSize, d], _ => [new(Text + "embed_tokens.weight", [c.VocabSize, d])]);
        Set(Weight.TextNorm1, n, [d], i => [new(Layer(i) + "input_layernorm.weight", [d])]);
        Set(Weight.TextQkvBias, n, [d + 2 * kv], i => Qkv(i, "bias"));
        Set(Weight.TextNorm2, n, [d], i => [new(Layer(i) + "post_attention_layernorm.weight", [d])]);
        Set(Weight.FinalNorm, 1, [d], _ => [new(Text + "norm.weight", [d])]);

        PublishedTensor[] Qkv(int i, string kind, params long[] columns) =>
        [
            new($"{Layer(i)}self_attn.q_proj.{kind}", [d, .. columns]), new($"{Layer(i)}self_attn.k_proj.{kind}", [kv, .. columns]),
            new($"{Layer(i)}self_attn.v_proj.{kind}", [kv, .. columns]),
        ];
    }

    private void DescribeVision(VisionConfig c)
    {
        var n = c.Depth;
        var d = (long)c.HiddenSize;
        var mlp = (long)c.IntermediateSize;
        var merged = (long)c.HiddenSize * c.SpatialMergeSize * c.SpatialMergeSize;
        static string Block(int i) => $"{Vision}blocks.{i}.";
        PublishedTensor[] One(int i, string name, params long[] shape) => [new(Block(i) + name, shape)];
        Set(Weight.VisionQkv, n, [3 * d, d], i => One(i, "attn.qkv.weight", 3 * d, d), new MuonPart(0, 3 * d, d));
        Set(Weight.VisionProj, n, [d, d], i => One(i, "attn.proj.weight", d, d), new MuonPart(0, d, d));
        Set(
            Weight.VisionGateUp,
            n,
            [2 * mlp, d],
            i => [.. One(i, "mlp.gate_proj.weight", mlp, d), .. One(i, "mlp.up_proj.weight", mlp, d)],
            new MuonPart(0, 2 * mlp, mlp));
        Set(Weight.VisionDown, n, [d, mlp], i => One(i, "mlp.down_proj.weight", d, mlp), new MuonPart(0, d, d));
        Set(
            Weight.MergeFirst,
            1,
            [merged, merged],
            _ => [new(Vision + "merger.mlp.0.weight", [merged, merged])],
            new MuonPart(0, merged, merged));
        Set(
            Weight.MergeSecond,
            1,
            [c.OutHiddenSize, merged],
            _ => [new(Vision + "merger.mlp.2.weight", [c.OutHiddenSize, merged])],
            new MuonPart(0, c.OutHiddenSize, c.OutHiddenSize));
        Set(Weight.Patches, 1, [d, c.InChannels * c.TemporalPatchSize * c.PatchSize * c.PatchSize],
            _ => [new(Vision + "patch_embed.proj.weight", [d, c.InChannels, c.TemporalPatchSize, c.PatchSize, c.PatchSize])]);
        Set(Weight.VisionNorm1, n, [d], i => One(i, "norm1.weight", d));
        Set(Weight.VisionQkvBias, n, [3 * d], i => One(i, "attn.qkv.bias", 3 * d));
        Set(Weight.VisionProjBias, n, [d], i => One(i, "attn.proj.bias", d));
        Set(Weight.VisionNorm2, n, [d], i => One(i, "norm2.weight", d));
        Set(Weight.VisionGateUpBias, n, [2 * mlp], i => [.. One(i, "mlp.gate_proj.bias", mlp), .. One(i, "mlp.up_proj.bias", mlp)]);
        Set(Weight.VisionDownBias, n, [d], i => One(i, "mlp.down_proj.bias", d));
        Set(Weight.MergeNorm, 1, [d], _ => [new(Vision + "merger.ln_q.weight", [d])]);
        Set(Weight.MergeFirstBias, 1, [merged], _ => [new(Vision + "merger.mlp.0.bias", [merged])]);
        Set(Weight.MergeSecondBias, 1, [c.OutHiddenSize], _ => [new(Vision + "merger.mlp.2.bias", [c.OutHiddenSize])]);
    }

    private void Set(Weight weight, int layers, long[] shape, Func<int, PublishedTensor[]> tensors, params MuonPart[] muon) =>
        _slots[(int)weight] = new ParameterSlot([layers, .. shape], [.. Enumerable.Range(0, layers).SelectMany(tensors)]) { Muon = muon };
}
