using System.Collections;
using StarKV.Cache;
using StarKV.Text;

namespace StarKV.Account;

/// <summary>Which prompt tokens each head of each layer holds.</summary>
public sealed class KeptTokens
{
    // One bit per prompt token, for each list of each layer: one list where all heads keep the same.
    private readonly BitArray[][] _lists;
    // Counted when somebody asks: most answers are read without.
    private readonly Lazy<float[]>[] _shares;

    private KeptTokens(TokenMap prompt, BitArray[][] lists)
    {
        (Prompt, _lists) = (prompt, lists);
        _shares = Array.ConvertAll(lists, layer => new Lazy<float[]>(() => [.. Enumerable.Range(0, prompt.Length)
            .Select(t => layer.Count(list => list[t]) / (float)layer.Length)]));
    }

    /// <summary>The prompt.</summary>
    public TokenMap Prompt { get; }

    /// <summary>Number of layers.</summary>
    public int Layers => _lists.Length;

    /// <summary>Reads a cache.</summary>
    public static KeptTokens Of(KvCache cache)
    {
        var length = cache.Prompt.Length;
        return new KeptTokens(cache.Prompt, [.. cache.TokensOfRows().Select(tokens =>
        {
            var lists = Enumerable.Range(0, tokens.GetLength(0)).Select(_ => new BitArray(length)).ToArray();
            for (var head = 0; head < lists.Length; head++)
            {
                for (var row = 0; row < tokens.GetLength(1); row++)
                {
                    if (tokens[head, row] < length)
                        lists[head][(int)tokens[head, row]] = true;
                }
            }

            return lists;
        })]);
    }

    /// <summary>Lists of a layer: 1 when all heads keep the same tokens, else one for each head stored.</summary>
    public int Lists(int layer) => _lists[layer].Length;

    /// <summary>True when a list of a layer has the token.</summary>
    public bool Holds(int layer, int list, int token) => _lists[layer][list][token];

    /// <summary>Share of a layer's heads that hold the token, 0–1.</summary>
    public float Share(int layer, int token) => _shares[layer].Value[token];

    /// <summary>Share of all layers' heads that hold the token, 0–1.</summary>
    public float Share(int token) => _shares.Sum(layer => layer.Value[token]) / Layers;

    /// <summary>Tokens of a class that a layer holds, the mean over its heads.</summary>
    public double Count(int layer, TokenClass of) => Count(layer, Enumerable.Range(0, Prompt.Length).Where(t => Prompt.Classes[t] == of));

    /// <summary>Tokens of a screenshot that a layer holds, the mean over its heads.</summary>
    public double Count(int layer, FrameSpan frame) => Count(layer, Enumerable.Range(frame.Start, frame.Length));

    /// <summary>Tokens of a class that are held, the mean over all layers and their heads.</summary>
    public double Mean(TokenClass of) => Enumerable.Range(0, Layers).Average(layer => Count(layer, of));

    /// <summary>Tokens of a screenshot that are held, the mean over all layers and their heads.</summary>
    public double Mean(FrameSpan frame) => Enumerable.Range(0, Layers).Average(layer => Count(layer, frame));

    /// <summary>How many of these tokens are held, the mean over all layers and their heads.</summary>
    public double Mean(IEnumerable<int> tokens) => Enumerable.Range(0, Layers).Average(layer => Count(layer, tokens));

    /// <summary>How many of these tokens a layer holds, the mean over its heads.</summary>
    public double Count(int layer, IEnumerable<int> tokens) => tokens.Sum(t => (double)_shares[layer].Value[t]);
}
