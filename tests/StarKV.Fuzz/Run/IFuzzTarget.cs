using StarKV.Fuzz.Mutate;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Run;

/// <summary>One reader or parser, what its inputs look like, and what it promises.</summary>
internal interface IFuzzTarget
{
    /// <summary>The allocation that an input of any size may cause, in bytes.</summary>
    const long AllowedBytes = 64L << 20;

    /// <summary>Its name in the table, on the command line and in the corpus.</summary>
    string Name { get; }

    /// <summary>Inputs of one round: fewer for one that takes long, so that every target has a like share of the time.</summary>
    int InputsARound { get; }

    /// <summary>True for a parser, which takes any text and refuses none.</summary>
    bool TakesEverything => false;

    /// <summary>How its inputs are changed; each as likely as the others.</summary>
    IReadOnlyList<IMutation> Mutations { get; }

    /// <summary>Inputs to begin with, beside the files of <c>Corpus/NAME</c>.</summary>
    IEnumerable<byte[]> Seeds();

    /// <summary>Puts right what would refuse almost every change at once, such as a checksum; default nothing.</summary>
    byte[] Repair(byte[] changed, SeededRandom random) => changed;

    /// <summary>Reads an input to its end.</summary>
    /// <returns>What was read in a few words: inputs with other words than before are kept to be changed further.</returns>
    /// <exception cref="StarKvException">The input is refused.</exception>
    /// <exception cref="BrokenPromiseException">What was read cannot be.</exception>
    string Run(byte[] input);

    /// <summary>Bytes that reading this input may allocate; asked only when 64 MiB are exceeded.</summary>
    long AllowedFor(byte[] input) => 4L * input.Length + AllowedBytes;
}
