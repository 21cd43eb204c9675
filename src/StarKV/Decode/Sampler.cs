using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Decode;

/// <summary>Chooses the next token from logits.</summary>
/// <remarks>Not thread-safe: one object serves one answer, on the inference thread.</remarks>
[Experimental("STARKV001")]
public sealed class Sampler : IDisposable
{
    private readonly GenerationOptions _options;
    private readonly double _penalty;
    private readonly Tensor? _seen;
    private readonly Random _random;

    /// <summary>Creates the sampler of one answer.</summary>
    /// <param name="options">Temperature, top-p, top-k and seed.</param>
    /// <param name="penalty">Repetition penalty; 1 has no effect.</param>
    /// <param name="prompt">The prompt's tokens, which count as seen, image tokens included.</param>
    /// <param name="vocabulary">Number of logits.</param>
    /// <param name="device">Where the logits are.</param>
    public Sampler(GenerationOptions options, double penalty, ReadOnlySpan<int> prompt, long vocabulary, Device device)
    {
        _options = options;
        _penalty = penalty;
        _random = new Random(options.Seed);
        if (penalty == 1)
            return;
        using var scope = NewDisposeScope();
        var seen = new bool[vocabulary];
        foreach (var id in prompt)
            seen[id] = true;
        _seen = tensor(seen).to(device).DetachFromDisposeScope();
    }

    /// <summary>True when the next token is the likeliest one whatever was seen, so that others may look for it.</summary>
    public bool TakesLikeliest => _options.Temperature == 0 && _seen is null;

    /// <summary>The next token for logits [1, vocabulary] in float32; of equal logits the lowest id.</summary>
    public int Next(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var scores = logits.view(-1);
        if (_seen is not null)
            scores = where(_seen, where(scores < 0, scores * _penalty, scores / _penalty), scores);
        var next = _options.Temperature == 0 ? (int)scores.argmax().item<long>() : Draw(scores.cpu().data<float>().ToArray());
        _seen?[next].fill_(true);
        return next;
    }

    private int Draw(float[] scores)
    {
        var ids = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(ids, (a, b) => scores[b].CompareTo(scores[a]) is var order && order != 0 ? order : a.CompareTo(b));
        var count = _options.TopK > 0 ? Math.Min(_options.TopK, ids.Length) : ids.Length;
        var weights = new double[count];
        for (var i = 0; i < count; i++)
            weights[i] = Math.Exp((scores[ids[i]] - scores[ids[0]]) / _options.Temperature);
        // Nucleus: the fewest likeliest tokens that reach top-p; the first always stays.
        var (limit, nucleus, mass) = (weights.Sum() * _options.TopP, 0, 0.0);
        while (nucleus < count && (nucleus == 0 || mass < limit))
            mass += weights[nucleus++];

        var draw = _random.NextDouble() * mass;
        for (var i = 0; i < nucleus; i++)
        {
            draw -= weights[i];
            if (draw < 0)
                return ids[i];
        }

        return ids[nucleus - 1];
    }

    /// <inheritdoc/>
    public void Dispose() => _seen?.Dispose();
}
