using StarKV.Cache;

namespace StarKV.Report;

/// <summary>For each screenshot and merged cell, the share of layers and heads that kept it.</summary>
/// <param name="Frames">One list a frame, oldest first: shares 0–1, cells row by row.</param>
public sealed record KeptCells(IReadOnlyList<IReadOnlyList<float>> Frames)
{
    /// <summary>Counts the rows of a cache.</summary>
    public static KeptCells Of(KvCache cache)
    {
        var prompt = cache.Prompt;
        var shares = prompt.Frames.Select(f => new float[f.Length]).ToList();
        foreach (var layer in cache.Layers)
        {
            var tokens = layer.TokensOfRows();
            var weight = 1f / (cache.Layers.Count * tokens.GetLength(0));
            foreach (var token in tokens)
            {
                if (token < prompt.Length && prompt.FrameOf[(int)token] is var frame and >= 0)
                    shares[frame][prompt.CellOf[(int)token]] += weight;
            }
        }

        return new KeptCells(shares);
    }
}
