using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Runs;

/// <summary>What a run has found so far, for progress displays.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class RunTally
{
    private readonly Dictionary<string, SampleRecord> _tasks = [];

    /// <summary>Tasks, those with errors included.</summary>
    public int Done => _tasks.Count;

    /// <summary>Tasks that a cache could not answer.</summary>
    public int Errors => _tasks.Values.Count(t => t.HasErrors);

    /// <summary>How often something was added.</summary>
    public int Added { get; private set; }

    /// <summary>Method by method, over all its budgets, in the order of the answers.</summary>
    public IEnumerable<KeyValuePair<string, MethodTally>> Methods => _tasks.Values.SelectMany(t => t.Answers).GroupBy(a => a.Method)
        .Select(g => KeyValuePair.Create(g.Key, new MethodTally(g.Count(), g.Count(a => a.Verdict is Verdict.Right), g.Sum(a => a.Bytes))));

    /// <summary>Adds what was found about a task, for the first time or later.</summary>
    public void Add(SampleRecord sample)
    {
        Added++;
        _tasks[sample.Task] = _tasks.TryGetValue(sample.Task, out var earlier) ? earlier.With(sample) : sample;
    }
}

/// <summary>A method's answers so far; what could not be run is not among them.</summary>
/// <param name="Answers">Their number.</param>
/// <param name="Right">The right ones.</param>
/// <param name="Bytes">Bytes of keys and values held, the sum.</param>
public readonly record struct MethodTally(int Answers, int Right, long Bytes);
