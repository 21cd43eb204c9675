using System.Globalization;
using StarKV.MiniGui;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>The labels of MiniGui-Bench, and how runs wrote them before: <c>TypeGiven</c> instead of <c>type-given</c>.</summary>
internal static class MiniGuiLabels
{
    /// <summary>The challenge of a task that has none.</summary>
    private const string Plain = "plain";

    private static readonly Dictionary<string, string> s_kinds = Old<TaskKind>(), s_forms = Old<TaskForm>(), s_splits = Old<Split>();

    /// <summary>A task's labels.</summary>
    /// <param name="task">The task.</param>
    /// <param name="isHard">Whether its list has challenges, by which strata are then named.</param>
    public static IReadOnlyDictionary<string, string> Of(MiniGuiTask task, bool isHard) => isHard
        ? new Dictionary<string, string>(Of(task))
        {
            ["challenge"] = ChallengeOf(task),
            ["stratum"] = $"{ChallengeOf(task)} {LabelNames.Of(task.Form)} {LabelNames.Of(task.Kind)}",
        }
        : Of(task);

    private static string ChallengeOf(MiniGuiTask task) => task.Challenge is { } challenge ? LabelNames.Of(challenge) : Plain;

    private static Dictionary<string, string> Of(MiniGuiTask task) => new()
    {
        ["kind"] = LabelNames.Of(task.Kind),
        ["stratum"] = $"{LabelNames.Of(task.Form)} {LabelNames.Of(task.Kind)}",
        ["form"] = LabelNames.Of(task.Form),
        ["split"] = LabelNames.Of(task.Split),
        ["size"] = task.Size.ToString(),
        ["frames"] = task.Sha256.Count.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A value as it is written today; one that never was another is returned as it is.</summary>
    /// <param name="label">The label's name.</param>
    /// <param name="value">Its value in a run's file.</param>
    public static string Current(string label, string value) => label switch
    {
        _ when value is null => value!,
        "kind" => s_kinds.GetValueOrDefault(value, value),
        "form" => s_forms.GetValueOrDefault(value, value),
        "split" => s_splits.GetValueOrDefault(value, value),
        "stratum" when value.Split(' ') is [var form, var kind] => $"{Current("form", form)} {Current("kind", kind)}",
        _ => value,
    };

    private static Dictionary<string, string> Old<T>() where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(v => v.ToString(), v => LabelNames.Of(v));
}
