using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>Options of <see cref="RandomKeep"/>.</summary>
public sealed record RandomKeepOptions
{
    /// <value>Seed, 0–1,000,000,000; default 0. One seed gives one selection per layer.</value>
    public int Seed { get; init; }

    internal static OptionTable<RandomKeepOptions> Table { get; } = new OptionTable<RandomKeepOptions>("random")
        .Whole("seed", o => o.Seed, (o, v) => o with { Seed = v }, 0, 1_000_000_000, "seed of the selection");
}

/// <summary>Random tokens of the past: the floor of every comparison.</summary>
public sealed class RandomKeep : ICompressionMethod
{
    private readonly RandomKeepOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">The seed; default 0.</param>
    /// <exception cref="StarKvException">The seed is out of its bounds.</exception>
    public RandomKeep(RandomKeepOptions? options = null) => _o = RandomKeepOptions.Table.Checked(options ?? new RandomKeepOptions());

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => RandomKeepOptions.Table.Write(_o);

    /// <summary>The last token alone: it is always kept.</summary>
    public int Window(TokenMap prompt) => 1;

    /// <summary>Uniform numbers, [1, P], drawn on the host so that every device keeps the same tokens.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var random = new Random(LayerSeed(_o.Seed, observation.Layer));
        var draws = new float[observation.Past];
        for (var i = 0; i < draws.Length; i++)
            draws[i] = random.NextSingle();
        return tensor(draws).to(observation.Keys.device).unsqueeze(0);
    }

    /// <summary>A seed for each layer; System.HashCode would differ from process to process.</summary>
    private static int LayerSeed(int seed, int layer) => unchecked(seed * 1_000_003 + layer * 7_919 + 17);
}
