using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.OpenCua;

/// <summary>
/// The text part of an OpenCUA checkpoint written out a second time, for comparison: whole sequences, no cache, repeated key heads, a mask, and
/// 1-D rotary positions by their formula, RoFormer (arXiv 2104.09864) section 3.4.2 with the halves of a head as its pairs.
/// </summary>
internal sealed class PlainQwen2(CheckpointFolder folder)
{
    private const int D = OpenCuaCheckpoint.HeadDim;

    /// <summary>The residual stream after every layer, [L, hidden], and the logits of every token, [L, vocabulary].</summary>
    /// <param name="x">Embeddings, [L, hidden].</param>
    public (List<Tensor> Layers, Tensor Logits) Run(Tensor x)
    {
        var streams = new List<Tensor>();
        for (var i = 0; i < OpenCuaCheckpoint.Layers; i++)
        {
            var layer = $"layers.{i}.";
            var n = Norm(x, layer + "input_layernorm");
            var (q, k, v) = (Rotate(Project("q", OpenCuaCheckpoint.Heads)), Rotate(Project("k", OpenCuaCheckpoint.KvHeads)), Project("v", OpenCuaCheckpoint.KvHeads));
            var group = OpenCuaCheckpoint.Heads / OpenCuaCheckpoint.KvHeads;
            var weights = q.matmul(k.repeat_interleave(group, 0).transpose(1, 2)) / Math.Sqrt(D) + full([x.shape[0], x.shape[0]], float.NegativeInfinity).triu(1);
            var attended = nn.functional.softmax(weights, -1).matmul(v.repeat_interleave(group, 0)).transpose(0, 1).flatten(1);
            x = x + attended.matmul(Weight(layer + "self_attn.o_proj.weight").t());
            var m = Norm(x, layer + "post_attention_layernorm");
            var gate = m.matmul(Weight(layer + "mlp.gate_proj.weight").t());
            x = x + (gate * gate.sigmoid() * m.matmul(Weight(layer + "mlp.up_proj.weight").t())).matmul(Weight(layer + "mlp.down_proj.weight").t());
            streams.Add(x);

            Tensor Project(string name, int heads) => (n.matmul(Weight($"{layer}self_attn.{name}_proj.weight").t()) + Weight($"{layer}self_attn.{name}_proj.bias"))
                .view(n.shape[0], heads, D).transpose(0, 1);
        }

        return (streams, Norm(x, "norm").matmul(Stored("language_model.lm_head.weight").t()));
    }

    /// <summary>The embedding of a token, [1, hidden].</summary>
    public Tensor Embed(int token) => Weight("embed_tokens.weight").narrow(0, token, 1);

    /// <summary>Turns channels i and i + d/2 of token p by p · theta^(−2i/d).</summary>
    private static Tensor Rotate(Tensor x)
    {
        var turned = x.clone();
        for (var p = 0; p < x.shape[1]; p++)
        {
            for (var i = 0; i < D / 2; i++)
            {
                var angle = p * Math.Pow(1e6, -2.0 * i / D);
                var (a, b) = (x.select(1, p).select(1, i), x.select(1, p).select(1, i + D / 2));
                turned.select(1, p).select(1, i).copy_(a * Math.Cos(angle) - b * Math.Sin(angle));
                turned.select(1, p).select(1, i + D / 2).copy_(a * Math.Sin(angle) + b * Math.Cos(angle));
            }
        }

        return turned;
    }

    private Tensor Norm(Tensor x, string name) => x * (x.square().mean([-1], true) + 1e-6).rsqrt() * Weight(name + ".weight");

    private Tensor Weight(string name) => Stored("language_model.model." + name);

    // By the name that the files hold, not by the canonical one.
    private Tensor Stored(string name) => folder.Files.SelectMany(f => f.Tensors.Values).Single(t => t.Name == name).ToTensor().to(ScalarType.Float32);
}
