using StarKV.Budget;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports;

/// <summary>Two methods on the same tasks at one budget.</summary>
/// <param name="First">The method in question.</param>
/// <param name="Second">The one it is compared with.</param>
/// <param name="Keep">The budget.</param>
/// <param name="N">Tasks that both answered.</param>
/// <param name="OnlyFirst">Tasks that only the first gets right.</param>
/// <param name="OnlySecond">Tasks that only the second gets right.</param>
/// <param name="Low">Lower end of the difference's 95 % interval (bootstrap, fixed seed).</param>
/// <param name="High">Upper end.</param>
/// <param name="P">McNemar's exact test, two-sided, not corrected.</param>
public sealed record PairedTest(
    string First, string Second, string Keep, int N, int OnlyFirst, int OnlySecond, double Low, double High, double P)
{
    /// <summary>The level below which a corrected value counts.</summary>
    public const double Level = 0.05;

    /// <value>P with Holm's correction for all tests of its table.</value>
    public double Corrected { get; init; } = P;

    /// <summary>Accuracy of the first less that of the second.</summary>
    public double Difference => N == 0 ? 0 : (double)(OnlyFirst - OnlySecond) / N;

    /// <summary>What was found, in one word.</summary>
    public string Finding => Corrected >= Level ? "no difference found" : OnlyFirst > OnlySecond ? "better" : "worse";

    /// <summary>This comparison, seen from the other method.</summary>
    public PairedTest Swapped() =>
        this with { First = Second, Second = First, OnlyFirst = OnlySecond, OnlySecond = OnlyFirst, Low = 0 - High, High = 0 - Low };

    /// <summary>Compares each pair at each budget on the tasks that both answered, and corrects for the number of tests.</summary>
    /// <param name="pairs">The methods, each with the one it is compared with; results may come from two runs.</param>
    public static IReadOnlyList<PairedTest> Of(IEnumerable<(MethodResults First, MethodResults Second)> pairs)
    {
        var tests = pairs.SelectMany(p => p.First.Right.Keys.Where(p.Second.Right.ContainsKey).Select(keep => One(p.First, p.Second, keep)))
            .Where(t => t.N > 0).ToList();
        return [.. tests.Zip(Holm.Adjust([.. tests.Select(t => t.P)]), (t, corrected) => t with { Corrected = corrected })];
    }

    private static PairedTest One(MethodResults first, MethodResults second, string keep)
    {
        var (a, b) = (first.Right[keep], second.Right[keep]);
        var differences =
            a.Keys.Where(b.ContainsKey).Order(StringComparer.Ordinal).Select(task => (a[task] ? 1 : 0) - (b[task] ? 1 : 0)).ToList();
        var (onlyFirst, onlySecond) = (differences.Count(d => d > 0), differences.Count(d => d < 0));
        var (low, high) = Bootstrap.Interval(differences);
        return new PairedTest(
            first.Name, second.Name, keep, differences.Count, onlyFirst, onlySecond, low, high, McNemar.P(onlyFirst, onlySecond));
    }
}

/// <summary>One method's verdicts, task by task.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Right">For each budget: which tasks are right.</param>
public sealed record MethodResults(string Name, IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> Right)
{
    /// <summary>
    /// Reads a method's verdicts out of a run's samples. What could not be answered is left out: it says nothing about a pair.
    /// </summary>
    public static MethodResults Of(string method, IReadOnlyDictionary<string, SampleRecord> samples, string? name = null)
    {
        var answers = from sample in samples.Values
                      from answer in sample.Answers
                      where answer.Method == method && answer.Keep != "100%"
                      select (sample.Task, answer.Keep, IsRight: answer.Verdict is Verdict.Right);
        return new(name ?? method, ByBudget(answers));
    }

    /// <summary>The same at every budget, 100 % included, with another notion of what is right.</summary>
    /// <param name="method">The method as written, with its mode.</param>
    /// <param name="samples">The run's samples.</param>
    /// <param name="isRight">Whether an answer is right.</param>
    internal static MethodResults Of(string method, IReadOnlyDictionary<string, SampleRecord> samples, Func<AnswerRecord, bool> isRight) =>
        new(method, ByBudget(
            from sample in samples.Values
            from answer in sample.Answers
            where answer.Method == method
            select (sample.Task, answer.Keep, isRight(answer))));

    private static Dictionary<string, IReadOnlyDictionary<string, bool>> ByBudget(
        IEnumerable<(string Task, string Keep, bool IsRight)> answers) =>
        answers.GroupBy(a => a.Keep).OrderBy(g => KvBudget.Parse(g.Key).Capacity(int.MaxValue))
            .ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, bool>)g.ToDictionary(a => a.Task, a => a.IsRight));
}
