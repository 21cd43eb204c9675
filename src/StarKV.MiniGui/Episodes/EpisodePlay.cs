using StarKV.MiniGui.Histories;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Episodes;

/// <summary>Plays on an application step by step.</summary>
/// <param name="app">The application.</param>
/// <param name="options">How long, and how much is remembered.</param>
internal sealed class EpisodePlay(App app, EpisodeOptions options)
{
    private const double GivenShare = 0.1;

    private readonly SeededRandom _random = app.Draft.Random;
    private readonly Agenda _agenda = new(app.Draft.Random, options);
    private readonly List<Screen> _screens = [];
    private readonly List<Question> _questions = [];
    private int _litUntil = -1, _rowStep = -1;

    private int Now => _questions.Count;

    /// <summary>Highlights a row for a step or two, to be clicked later; false when there is no list or no time.</summary>
    public bool Highlight()
    {
        var rows = app.Reachable().Where(e => e.Kind is ElementKind.Row).GroupBy(e => e.Group).Where(g => g.Count() >= 3)
            .SelectMany(g => g).ToList();
        _litUntil = _random.Below(2);
        if (rows.Count == 0 || _agenda.Later(_litUntil, TaskKind.RecallRow) is not { } step)
            return false;
        var row = _random.Pick(rows);
        app.Highlight(row);
        _rowStep = step;
        _agenda.Put(new Question(TaskKind.RecallRow, step, "Click the row that was highlighted", "") { Clicks = row, Subject = row.Text });
        return true;
    }

    /// <summary>Plays every step; false when the screen lacked what one needed.</summary>
    public bool Run()
    {
        while (Now < options.Steps)
        {
            if (_litUntil >= 0 && Now == _litUntil + 1)
                app.ClearHighlight(_random.Chance(0.5));
            if (!app.HasFront && _agenda.IsFree(Now) && _random.Chance(options.MemoryShare))
                ShowValues();
            var screen = app.Shot();
            if (Next(new ScreenQuestions(screen, Now, _random)) is not { } question)
                return false;
            _screens.Add(screen);
            _questions.Add(question);
            Act(question);
        }

        return true;
    }

    /// <summary>What was played; null when an answer can be had without the screen that showed it.</summary>
    public IReadOnlyList<EpisodeStep>? Steps()
    {
        var actions = _questions.ConvertAll(q => q.Answer);
        var remembered = _questions.FindAll(q => q.NeedsEarlierFrame);
        if (remembered.Exists(q => Leaks.In(q, _screens, actions) || _questions.Take(q.Frame).Any(earlier => Names(earlier, q.Subject))))
            return null;
        return [.. _questions.Select((q, i) => new EpisodeStep(_screens[i], q, q.NeedsEarlierFrame ? i - LastSeen(q) : 0))];
    }

    private static bool Names(Question question, string subject) => question.Instruction.Contains(subject, StringComparison.Ordinal);

    /// <summary>Opens a message with values when a later step can ask for one.</summary>
    private void ShowValues()
    {
        if (_agenda.Later(Now, TaskKind.RecallWord) is not { } step
            || Fronts.Dialog(app.Draft, _random.Between(1, 2)) is not { } message)
            return;
        app.Open(message);
        var value = _random.Pick([.. message.Where(e => e is { Kind: ElementKind.Text, Name: not "" })]);
        _agenda.Put(
            new Question(TaskKind.RecallWord, step, $"Type the \"{value.Name}\" value shown earlier", Answers.Type(value.Text))
            {
                Subject = value.Text,
            });
    }

    private Question? Next(ScreenQuestions asks)
    {
        if (app.HasFront)
            return Any(asks.All(TaskKind.Text).Where(q => q.Clicks!.Layer == 1));
        if (_agenda.At(Now) is { } due)
            return due.Kind is TaskKind.RecallRow ? AsItIsNow(due) : due;
        if (_agenda.TypedAt(Now + 1) is { } word)
            return Field(asks, word);
        return (_random.Chance(GivenShare) ? FieldForGivenWord(asks) : null) ?? asks.Draw(1, false, IsPlain).FirstOrDefault();
    }

    private Question? FieldForGivenWord(ScreenQuestions asks)
    {
        if (!_agenda.IsFree(Now + 1)
            || app.Draft.Labels.Value(app.Draft.Size.Width / 4) is not { } word
            || Field(asks, word) is not { } field)
            return null;
        _agenda.Put(new Question(TaskKind.TypeGiven, Now + 1, $"Type \"{word}\"", Answers.Type(word)) { Subject = word });
        return field;
    }

    private Question? Field(ScreenQuestions asks, string word) => Any(asks.All(TaskKind.Relation).Where(q =>
        q.Clicks is { Kind: ElementKind.Field, Focused: false } field
            && app.Draft.Look.Type.Measure(word) <= Clauses.Inside(app.Draft.Look, field)));

    private bool IsPlain(Question question) =>
        question.Kind is TaskKind.Text or TaskKind.Icon or TaskKind.Relation
        && app.Reachable().Exists(e => e.Id == question.Clicks!.Id)
        && Shows(question.Clicks!)
        && question.Clicks!.Kind switch
        {
            // The row that is to be remembered stays on its page, and no other is highlighted.
            ElementKind.Row or ElementKind.Tab => Now > _rowStep,
            // Its menu takes the next click.
            ElementKind.MenuItem => _agenda.IsFree(Now + 1),
            _ => true,
        };

    /// <summary>Whether a click changes anything that is seen.</summary>
    private static bool Shows(Element clicked) =>
        clicked is { Focused: false } and not { On: true, Kind: ElementKind.Row or ElementKind.Tab or ElementKind.Radio };

    private Question? AsItIsNow(Question due) =>
        app.Reachable().Find(e => e.Id == due.Clicks!.Id) is { } row ? due with { Clicks = row, Answer = Answers.Click(row.Target) } : null;

    private Question? Any(IEnumerable<Question> questions) => questions.ToList() is { Count: > 0 } all ? _random.Pick(all) : null;

    private void Act(Question question)
    {
        if (question.Clicks is not { } clicked)
        {
            app.Type(question.Subject);
            return;
        }

        var element = app.Reachable().First(e => e.Id == clicked.Id);
        app.Click(element);
        if (element.Kind is ElementKind.MenuItem && Fronts.Menu(app.Draft, element) is { } menu)
            app.Open(menu);
    }

    private int LastSeen(Question question) => _screens[..question.Frame].FindLastIndex(screen => question.Kind is TaskKind.RecallWord
        ? screen.Shows(question.Subject)
        : screen.Elements.Any(e => e.Id == question.Clicks!.Id && e.On));
}
