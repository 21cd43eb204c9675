using System.Text;
using StarKV.Evaluation.Released;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>An answer in the language of UI-TARS, read as another program reads it.</summary>
internal sealed class CompatibilityTarget(string name, ICompatibilityParser parser) : IFuzzTarget
{
    public string Name => name;

    public bool TakesEverything => true;

    public int InputsARound => 12_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfAnswers();

    public IEnumerable<byte[]> Seeds() => AnswerTexts.UiTars();

    public string Run(byte[] input)
    {
        var answer = parser.Parse(Encoding.UTF8.GetString(input));
        BrokenPromiseException.Unless(answer.Error is null || answer.Records.Count == 0, "an answer that raises has records");
        var records = answer.Records.Take(3).Select(r => $"{r.ActionType?.Length is 0 or null} {string.Join(',', r.ActionInputs.Select(i => i.Coordinates is null ? "t" : $"{i.Coordinates.Count}"))} {r.Thought is null}");
        return $"{answer.Error?.Exception}|{Math.Min(answer.Records.Count, 4)}|{Math.Min(answer.LoggedErrors, 2)}|{string.Join(' ', records)}";
    }
}
