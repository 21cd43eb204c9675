using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>StreamingLLM, arXiv 2309.17453: keep the first tokens (attention sinks) and the most recent ones.</summary>
public sealed class StreamingLlm : ICompressionMethod
{
    /// <summary>First tokens that are kept.</summary>
    public const int Sinks = 4;

    /// <inheritdoc/>
    public string Name => "streaming-llm";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => Methods.NoOptions;

    /// <summary>The last token alone: it is always kept.</summary>
    public int Window(TokenMap prompt) => 1;

    /// <summary>The token's number, with the sinks above all others, [1, P].</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var scores = arange(observation.Past, ScalarType.Float32, observation.Keys.device);
        scores.narrow(0, 0, Math.Min(Sinks, observation.Past)).add_(observation.Past);
        return scores.unsqueeze(0);
    }
}
