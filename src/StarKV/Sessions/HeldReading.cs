using StarKV.Decode;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.Sessions;

/// <summary>What a step had read whose asker left before its answer was there: an equal step writes its answer without reading.</summary>
/// <param name="Reading">What was read; its cache ends with the prompt.</param>
/// <param name="Memory">What the method remembers after it.</param>
/// <param name="Generation">How the answer was to be written: a method may have looked at a draft of it.</param>
internal sealed record HeldReading(SessionReading Reading, LayerMemory Memory, GenerationOptions Generation) : IDisposable
{
    private static readonly IReadOnlyList<string> s_noStops = [];

    /// <summary>Bytes on the device.</summary>
    public long DeviceBytes => Reading.Result.Cache.AllocatedBytes;

    /// <summary>Bytes in the host's memory, of which the session's rows may be a part.</summary>
    public long HostBytes => Reading.Store?.NBytes ?? 0;

    /// <summary>Whether it is what a step would read.</summary>
    /// <param name="sequence">The step's tokens.</param>
    /// <param name="frames">What tells its screenshots from others.</param>
    /// <param name="generation">How its answer is to be written.</param>
    public bool Fits(TokenMap sequence, IReadOnlyList<string> frames, GenerationOptions generation) =>
        sequence.Length == Reading.Step.Sequence.Length && sequence.CommonPrefix(Reading.Step.Sequence) == sequence.Length
        && frames.SequenceEqual(Reading.Step.Frames) && generation.MaxNewTokens <= Generation.MaxNewTokens
        && Sampling(generation) == Sampling(Generation);

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        Reading.Dispose();
        Memory.Dispose();
    }

    private static GenerationOptions Sampling(GenerationOptions options) => options with { StopStrings = s_noStops, MaxNewTokens = 1 };
}
