using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Evaluation.Tests.Runs;

/// <summary>Keeps what comes first, and notes for each prefill how many its memory has seen.</summary>
internal sealed class CountingMethod : ICompressionMethod
{
    public List<int> Seen { get; } = [];

    public string Name => "counting";

    public int Window(TokenMap prompt) => 2;

    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        if (observation.Layer == 0)
            Seen.Add(++memory.For<Counter>(0).Count);
        return arange(observation.Past, 0, -1, ScalarType.Float32).unsqueeze(0);
    }

    private sealed class Counter : IDisposable
    {
        public int Count { get; set; }

        public void Dispose()
        {
        }
    }
}
