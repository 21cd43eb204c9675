using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>Whose attention <see cref="StarKv"/> starts from.</summary>
public enum StarKvObserve
{
    /// <summary>That of the prompt's last queries, as published.</summary>
    Window,

    /// <summary>That of the beginnings of possible answers, as <see cref="Probe"/> reads them by default: an extension.</summary>
    Probe,
}

/// <summary>The attention of a <see cref="StarKv"/> that observes as <see cref="Probe"/> does.</summary>
internal static class StarKvProbe
{
    /// <summary>
    /// The mean over the branches times the window's queries, so that it adds up to what theirs would, pooled and boosted, [G, P], float32;
    /// null where the options do not ask for it, and where the layer shows no branches.
    /// </summary>
    /// <param name="options">The method's options.</param>
    /// <param name="o">The layer.</param>
    public static Tensor? Groups(StarKvOptions options, in LayerObservation o)
    {
        if (options.Observe != StarKvObserve.Probe || BranchScores.Sum(o) is not { } sums)
            return null;
        var groups = WindowAttention.Pool(sums * (options.Window / (double)o.Branches!.Spans.Count), options.Kernel, options.Pooling);
        new SpatialBoost(options.Alpha, options.SaliencyTemperature, options.NormSource).AddTo(groups, o);
        return groups;
    }

    /// <summary>Options that go together.</summary>
    /// <exception cref="StarKvException">A scope of the entropy looks at the last queries.</exception>
    public static StarKvOptions Checked(StarKvOptions options) =>
        options is { Observe: StarKvObserve.Probe, AebScope: not AebScope.Layer }
            ? throw new StarKvException(
                "star-kv: with observe=probe option aeb-scope must be layer; the other scopes look at the last queries.")
            : options;
}
