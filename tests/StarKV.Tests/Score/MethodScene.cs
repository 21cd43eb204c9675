using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>One layer of an imagined model, from a seed: everything that a method may see.</summary>
/// <param name="Kind">What is special about it; one of <see cref="Kinds"/>.</param>
/// <param name="Seed">Seed of every number.</param>
/// <param name="KvHeads">Key/value heads G.</param>
/// <param name="PerGroup">Query heads a key/value head.</param>
public sealed record MethodScene(string Kind, int Seed, int KvHeads, int PerGroup)
{
    private const int Dim = 8, Hidden = 12;

    private static readonly (int Start, int End)[] s_branches = [(0, 2), (2, 5)];

    /// <summary>The kinds of prompt and attention that every method must cope with.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["one frame", "three frames", "no frame", "frame at the end", "frame of one cell", "one-hot attention", "uniform attention", "equal keys"];

    /// <summary>The prompt.</summary>
    public TokenMap Prompt { get; } = Kind switch
    {
        "no frame" => TestPrompts.Of(40 + Seed % 7),
        "three frames" or "one-hot attention" or "uniform attention" => TestPrompts.Of(11, (3, 5), (4, 2), (2, 6)),
        "frame at the end" => Ending(),
        "frame of one cell" => TestPrompts.Of(12, (1, 1)),
        _ => TestPrompts.Of(10 + Seed % 3, (4, 6)),
    };

    /// <summary>The layer's tensors, owned by the open dispose scope.</summary>
    /// <param name="shared">Tensors shared by the layers.</param>
    /// <param name="layer">Layer index.</param>
    /// <param name="length">Takes the last tokens of a prompt of text alone instead; 0 takes the scene's prompt.</param>
    public LayerInput Layer(PromptTensors shared, int layer = 0, int length = 0)
    {
        var prompt = length > 0 ? TestPrompts.Of(length) : Prompt;
        var generator = new Generator((ulong)(Seed * 31 + layer), CPU);
        Tensor Normal(params long[] shape) => randn(shape, generator: generator);
        var keys = Kind == "equal keys" ? ones(KvHeads, prompt.Length, Dim) : Normal(KvHeads, prompt.Length, Dim);
        var queries = Kind switch
        {
            "uniform attention" => zeros(KvHeads * PerGroup, prompt.Length, Dim),
            // Logits of many thousands for the first token: its softmax is 1, every other exactly 0.
            "one-hot attention" => (keys.narrow(1, 0, 1) * 1e5).repeat_interleave(PerGroup, 0).expand(KvHeads * PerGroup, prompt.Length, Dim).contiguous(),
            _ => Normal(KvHeads * PerGroup, prompt.Length, Dim),
        };
        var norms = new TokenNorms(Normal(prompt.Length, Hidden), Normal(prompt.Length, Hidden));
        // Two branches of two and three tokens, which look for what the prompt's queries look for, and give themselves a share of it.
        var branches = queries.narrow(1, 0, 1).expand(-1, 5, -1) + 0.1 * Normal(KvHeads * PerGroup, 5, Dim);
        var logits = branches.reshape(KvHeads, PerGroup * 5, Dim).matmul(keys.transpose(1, 2)) / Math.Sqrt(Dim);
        return new LayerInput(queries, keys, Normal(KvHeads, prompt.Length, Dim), norms, prompt, shared, layer)
        {
            Branches = new BranchAttention(branches, keys, logits.logsumexp(2) + 0.2, s_branches),
        };
    }

    /// <summary>A prompt whose last screenshot reaches into the observation window.</summary>
    private static TokenMap Ending()
    {
        var classes = new TokenClass[40];
        classes.AsSpan(5, 33).Fill(TokenClass.Vision);
        return new TokenMap(new int[40], classes, [new FrameSpan(5, 38, 3, 11)]);
    }
}
