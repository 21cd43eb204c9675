using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Episodes;

/// <summary>Questions that have their step before it comes. A word needs two steps: a click into a field, and the word.</summary>
/// <param name="random">Where the choices come from.</param>
/// <param name="options">How long the episode is, and what is within a window.</param>
internal sealed class Agenda(SeededRandom random, EpisodeOptions options)
{
    // How far before the window something may have been seen.
    private const int Farthest = 5;
    private const int Tries = 8;

    private readonly Dictionary<int, Question> _due = [];

    /// <summary>The question of a step; null when it is not decided yet.</summary>
    public Question? At(int step) => _due.GetValueOrDefault(step);

    /// <summary>What is typed at a step; null when nothing is.</summary>
    public string? TypedAt(int step) => At(step) is { Clicks: null } typed ? typed.Subject : null;

    /// <summary>True for a step of the episode that has no question and clicks no field for the next one's.</summary>
    public bool IsFree(int step) => step < options.Steps && At(step) is null && TypedAt(step + 1) is null;

    /// <summary>Gives a question its step.</summary>
    public void Put(Question question) => _due.Add(question.Frame, question);

    /// <summary>Draws a step that may ask for something; null when none was found.</summary>
    /// <param name="seen">The step at which it is seen for the last time.</param>
    /// <param name="kind">A remembered word, which is typed two steps later at the earliest, or a row.</param>
    public int? Later(int seen, TaskKind kind)
    {
        var typed = kind is TaskKind.RecallWord ? 1 : 0;
        for (var i = 0; i < Tries; i++)
        {
            var step = seen + (random.Chance(options.BeyondShare)
                ? random.Between(options.Window, options.Window + Farthest)
                : random.Between(1 + typed, options.Window - 1));
            if (IsFree(step) && (typed == 0 || IsFree(step - 1)))
                return step;
        }

        return null;
    }
}
