using System.Text;
using StarKV.Act;
using StarKV.Decode;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>An answer of a model, read by the product's own parser of its language; its points put on the screen.</summary>
internal sealed class AnswerTarget(string name, ActionLanguage language, Func<IEnumerable<byte[]>> seeds, params IReadOnlyList<string> words) : IFuzzTarget
{
    private static readonly FinishReason?[] s_finishes = [null, FinishReason.Stop, FinishReason.Length];
    private readonly CoordinateMapper _coordinates = CoordinateMapper.ForModelPixels(1920, 1080);

    public string Name => name;

    public bool TakesEverything => true;

    public int InputsARound => 20_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfAnswers(words);

    public IEnumerable<byte[]> Seeds() => seeds();

    public string Run(byte[] input)
    {
        var answer = Encoding.UTF8.GetString(input);
        var parsed = ActionParser.Parse(language, answer, _coordinates, s_finishes[input.Length % s_finishes.Length]);
        foreach (var action in parsed.Actions)
        {
            if (action.Point is not { } point)
                continue;
            var (x, y) = _coordinates.ToScreenPixel(point);
            BrokenPromiseException.Unless(x is >= 0 and < 1920 && y is >= 0 and < 1080, "a click lies off the screen");
        }

        BrokenPromiseException.Unless(parsed.Actions.Count > 0 || parsed.Reason is not null, "there is neither an action nor a reason");
        _ = parsed.Actions.Select(a => a.ToString(_coordinates)).ToList();
        return $"{string.Join(' ', parsed.Actions.Select(a => a.Name).Take(3))}|{string.Join(' ', parsed.Diagnostics.Select(d => d.Code).Distinct().Order())}|{parsed.Thought is null} {parsed.Reflection is null}";
    }
}
