using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Histories;

/// <summary>Plays on an application and writes down every frame, what was done on it, and the words for it.</summary>
/// <param name="app">The application.</param>
/// <param name="steps">How many actions there may be.</param>
internal sealed class Story(App app, int steps)
{
    private readonly List<Screen> _frames = [];
    private readonly List<Question> _steps = [];
    private readonly List<string> _phrases = [];

    public App App => app;

    public SeededRandom Random => app.Draft.Random;

    /// <summary>Actions that are still allowed.</summary>
    public int Left => steps - _steps.Count;

    /// <summary>Keys with the value that a frame showed.</summary>
    public Dictionary<string, string> Facts { get; } = [];

    /// <summary>The row that an earlier frame highlighted.</summary>
    public Element? Highlighted { get; set; }

    public IReadOnlyList<Screen> Frames => _frames;

    public IReadOnlyList<Question> Steps => _steps;

    public IReadOnlyList<string> Actions => [.. _steps.Select(s => s.Answer)];

    /// <summary>Adds a part of the instruction, as it reads in the middle of a sentence.</summary>
    public void Say(string phrase) => _phrases.Add(phrase);

    /// <summary>The whole instruction.</summary>
    public string Instruction()
    {
        var text = _phrases.Count == 1 ? _phrases[0] : $"{string.Join(", ", _phrases.SkipLast(1))}, then {_phrases[^1]}";
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    public void Click(Element element, TaskKind kind = TaskKind.Step)
    {
        Write(kind, Answers.Click(element.Target), element.Text != "" ? element.Text : element.Icon ?? element.Name, element);
        app.Click(element);
    }

    public void Type(string word, TaskKind kind)
    {
        Write(kind, Answers.Type(word), word, null);
        app.Type(word);
    }

    /// <summary>Takes the last frame, on which nothing is done any more.</summary>
    public void End() => _frames.Add(app.Shot());

    /// <summary>An element of this kind that can be clicked now and was not clicked before; null when there is none.</summary>
    public Element? Pick(Func<Element, bool> isFit)
    {
        var fit = app.Reachable().Where(e => isFit(e) && !_steps.Exists(s => s.Clicks?.Id == e.Id)).ToList();
        return fit.Count == 0 ? null : Random.Pick(fit);
    }

    private void Write(TaskKind kind, string answer, string subject, Element? clicks)
    {
        _steps.Add(new Question(kind, _frames.Count, "", answer) { Subject = subject, Clicks = clicks });
        _frames.Add(app.Shot());
    }
}
