using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>SnapKV, arXiv 2404.14469: keep what the last queries attend to.</summary>
public sealed class SnapKv : ICompressionMethod
{
    private readonly AttentionOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default as in the paper's released settings for GUI agents.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public SnapKv(AttentionOptions? options = null) => _o = Table.Checked(options ?? new AttentionOptions());

    internal static OptionTable<AttentionOptions> Table { get; } = AttentionOptions.TableOf("snapkv");

    /// <summary>The preset <c>sharp</c>: no pooling, so that a token is kept for its own attention, not for its neighbours'.</summary>
    public static AttentionOptions Sharp { get; } = new() { Kernel = 1 };

    /// <inheritdoc/>
    public string Name => "snapkv";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => Table.Write(_o);

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => _o.HeadCopies(headsPerGroup);

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => _o.Window;

    /// <summary>Pooled window attention, [G, P], or [H, P] for query heads.</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory) => _o.Scores(observation);
}
