using StarKV.Fuzz.Run;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Mutate;

/// <summary>One way to change inputs.</summary>
internal interface IMutation
{
    /// <summary>A changed copy; the input itself when it cannot be changed this way.</summary>
    /// <param name="input">The input, which stays as it is.</param>
    /// <param name="corpus">Other inputs, to take parts of.</param>
    /// <param name="random">Decides.</param>
    byte[] Change(byte[] input, Corpus corpus, SeededRandom random);
}
