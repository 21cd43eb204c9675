using StarKV.Evaluation.Benchmarks;

namespace StarKV.Evaluation.Runs;

/// <summary>What a run has found so far, for progress displays: counts that grow sample by sample.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class RunTally
{
    private readonly Dictionary<string, MethodTally> _methods = [];

    /// <summary>Samples, those with errors included.</summary>
    public int Done { get; private set; }

    /// <summary>Samples that could not be run.</summary>
    public int Errors { get; private set; }

    /// <summary>Method by method, over all its budgets, in the order of the answers.</summary>
    public IEnumerable<KeyValuePair<string, MethodTally>> Methods => _methods;

    /// <summary>Counts a sample.</summary>
    public void Add(SampleRecord sample)
    {
        Done++;
        Errors += sample.Error is null ? 0 : 1;
        foreach (var answer in sample.Answers)
        {
            var (answers, right, bytes) = _methods.GetValueOrDefault(answer.Method);
            _methods[answer.Method] = new MethodTally(answers + 1, right + (answer.Verdict is Verdict.Right ? 1 : 0), bytes + answer.Bytes);
        }
    }
}

/// <summary>A method's answers so far.</summary>
/// <param name="Answers">Their number.</param>
/// <param name="Right">The right ones.</param>
/// <param name="Bytes">Bytes of keys and values held, the sum.</param>
public readonly record struct MethodTally(int Answers, int Right, long Bytes);
