using System.Text;
using StarKV.Evaluation.Benchmarks;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>An answer, judged by every benchmark under every profile in both languages: what a model writes never ends a run.</summary>
internal sealed class VerdictTarget : IFuzzTarget
{
    private readonly IReadOnlyList<EvalTask> _tasks;

    public VerdictTarget()
    {
        using var scratch = new Scratch();
        _tasks = [.. BenchmarkFiles.All.Where(b => b != BenchmarkFiles.AndroidEpisodes).SelectMany(b => b.OpenAll(scratch.Sub(b.Name)))];
    }

    public string Name => "verdict";

    public bool TakesEverything => true;

    public int InputsARound => 700;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfAnswers();

    public IEnumerable<byte[]> Seeds() => [.. AnswerTexts.OpenCua(), .. AnswerTexts.UiTars().Take(30), Encoding.UTF8.GetBytes("Action: scroll(start_box='(50,40)', direction='down')")];

    public string Run(byte[] input)
    {
        var answer = JudgedAnswers.Of(Encoding.UTF8.GetString(input));
        var verdicts = _tasks.Select(task =>
        {
            var judgement = task.Judge(answer);
            BrokenPromiseException.Unless(judgement.Measures?.Values.All(double.IsFinite) is not false, $"a measure of {task.Id} is no number");
            return (int)judgement.Verdict;
        });
        return string.Concat(verdicts);
    }
}
