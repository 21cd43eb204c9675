using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>An answer in the language of OpenCUA, read as another program reads it.</summary>
internal sealed class OpenCuaProgramTarget(string name, Func<string, IEnumerable<string>> read) : IFuzzTarget
{
    public string Name => name;

    public bool TakesEverything => true;

    public int InputsARound => 12_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfAnswers();

    public IEnumerable<byte[]> Seeds() => AnswerTexts.OpenCua();

    public string Run(byte[] input) => string.Join(' ', read(Encoding.UTF8.GetString(input)).Take(4));
}
