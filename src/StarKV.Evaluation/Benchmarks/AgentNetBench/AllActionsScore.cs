using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>
/// The step score of the OpenCUA repository: action by action, the mean over the true types, alternatives whenever that is below 1.
/// </summary>
/// <param name="knowsTripleClick">Whether <c>triple_click</c> counts as <c>tripleClick</c>; not in that repository.</param>
internal sealed class AllActionsScore(bool knowsTripleClick)
{
    /// <summary>The score, and whether an alternative gave it.</summary>
    /// <param name="predicted">The predicted actions.</param>
    /// <param name="truth">The true ones, at least one.</param>
    /// <param name="alternatives">Other true lists.</param>
    public (double Score, bool UsedAlternative) Of(
        IReadOnlyList<OpenCuaAction> predicted, IReadOnlyList<TrueAction> truth, IReadOnlyList<IReadOnlyList<TrueAction>> alternatives)
    {
        var score = Against(truth);
        var best = score < 1 ? alternatives.Select(Against).DefaultIfEmpty(0).Max() : 0;
        return best > score ? (best, true) : (score, false);

        double Against(IReadOnlyList<TrueAction> actions) => One(Merged(predicted), Merged(actions));
    }

    private double One(List<OpenCuaAction> predicted, List<TrueAction> truth)
    {
        if (predicted.Count == 0)
            return 0;
        if (Type(truth[0].Type) == "terminate")
            return Type(predicted[0].Kind) == "terminate" ? ActionScore.Of(predicted[0], truth[0]) : 0;
        if (truth.All(t => Type(t.Type) != Type(predicted[0].Kind)))
            return 0;
        return truth.Select((t, i) => (Type: Type(t.Type), Score: Score(t, i)))
            .GroupBy(s => s.Type)
            .Average(g => g.Average(s => s.Score));

        double Score(TrueAction action, int i) =>
            i < predicted.Count && Type(predicted[i].Kind) == Type(action.Type) ? ActionScore.Of(predicted[i], action) : 0;
    }

    private string Type(string name) => knowsTripleClick ? ActionScore.TypeOf(name) : name.ToLowerInvariant();

    // A text followed by Enter is one text that ends in a line feed.
    private static List<OpenCuaAction> Merged(IReadOnlyList<OpenCuaAction> actions) =>
        Merged(actions, a => a.Kind == "write", a => a.Kind == "press" && IsEnter(a.Keys), a => a with { Text = a.Text + "\n" });

    private static List<TrueAction> Merged(IReadOnlyList<TrueAction> actions) =>
        Merged(actions, a => a.Type == "write", a => a.Type == "press" && IsEnter(a.Keys), a => a with { Text = a.Text + "\n" });

    private static List<T> Merged<T>(IReadOnlyList<T> actions, Func<T, bool> writes, Func<T, bool> enters, Func<T, T> submitted)
    {
        var merged = new List<T>();
        foreach (var action in actions)
        {
            if (enters(action) && merged is [.., var last] && writes(last))
                merged[^1] = submitted(last);
            else
                merged.Add(action);
        }

        return merged;
    }

    private static bool IsEnter(IReadOnlyList<string>? keys) => keys is [var key] && key.ToLowerInvariant() is ("enter" or "return");
}
