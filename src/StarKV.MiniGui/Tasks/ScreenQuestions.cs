using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Tasks;

/// <summary>Questions that one screen answers.</summary>
internal sealed class ScreenQuestions(Screen screen, int frame, SeededRandom random)
{
    private static readonly int[] s_mix = [40, 17, 28, 12, 3], s_drill = [26, 16, 24, 12, 22];
    private static readonly string[] s_verbs = ["Click", "Select", "Press", "Open"];

    private readonly List<Element> _visible = [.. screen.Elements.Where(screen.IsVisible)];

    /// <summary>Draws questions of all kinds, no instruction twice.</summary>
    /// <param name="count">How many at most; a sparse screen has fewer.</param>
    /// <param name="drill">Whether values are read more often.</param>
    /// <param name="isWanted">Which questions count.</param>
    public List<Question> Draw(int count, bool drill, Func<Question, bool> isWanted)
    {
        IEnumerable<Question>[] kinds = [All(TaskKind.Text), All(TaskKind.Icon), All(TaskKind.Relation), Words(), Values()];
        var pools = kinds.Zip(
            drill ? s_drill : s_mix,
            (all, weight) => (Weight: weight, Waiting: new Queue<Question>(random.Shuffled(all.Where(isWanted))))).ToList();
        var asked = new Dictionary<string, Question>();
        while (asked.Count < count && pools.Exists(p => p.Waiting.Count > 0))
        {
            pools.RemoveAll(p => p.Waiting.Count == 0);
            var dice = random.Below(pools.Sum(p => p.Weight));
            var at = 0;
            for (; dice >= pools[at].Weight; at++)
                dice -= pools[at].Weight;
            var question = pools[at].Waiting.Dequeue();
            asked.TryAdd(question.Instruction, question);
        }

        return [.. asked.Values];
    }

    /// <summary>Every question of a kind that the screen answers.</summary>
    public IEnumerable<Question> All(TaskKind kind) => kind switch
    {
        TaskKind.Text =>
            _visible.Where(e => e.Target.Area > 0 && e.Text != "" && !e.IsCheck)
                .Select(e => Click(TaskKind.Text, e, $"{random.Pick(s_verbs)} \"{e.Text}\"", e.Text)),
        TaskKind.Icon => SingleIcons().Select(e => Click(TaskKind.Icon, e, $"Click the {e.Icon} icon", e.Icon!)),
        TaskKind.Relation => Named().Concat(Neighbours()),
        _ => Words().Concat(Values()),
    };

    /// <summary>Asks for some words and values in reading order, from one of them on; null where there is none.</summary>
    /// <param name="max">How many at most.</param>
    public Question? List(int max)
    {
        var items = _visible.Select(e => (Text: e.Words, Box: e.Target.Area > 0 ? e.Target : e.TextBox)).Where(i => i.Text != "")
            .OrderBy(i => i.Box.Center.Y).ThenBy(i => i.Box.Center.X).ToList();
        if (items.Count == 0)
            return null;
        var listed = items.Skip(random.Below(items.Count)).Take(max).ToList();
        return new Question(TaskKind.List, frame, $"List the elements from {Answers.Point(listed[0].Box)}", Answers.List(listed));
    }

    /// <summary>Icons that are on the screen once, with or without words; checkboxes draw none.</summary>
    private IEnumerable<Element> SingleIcons() => _visible
        .Where(e => e.Icon is not null && screen.Elements.Count(o => o.Icon == e.Icon) == 1)
        .Select(e => e.Kind is ElementKind.Row or ElementKind.NavItem or ElementKind.Tile ? e with { Target = e.IconBox.Grown(2, 2) } : e);

    private IEnumerable<Question> Named()
    {
        foreach (var e in _visible)
            if (e.Kind is ElementKind.Field)
                yield return Click(TaskKind.Relation, e, $"Click the \"{e.Name}\" field", e.Name);
            else if (e.Kind is ElementKind.RowIcon)
                yield return Click(TaskKind.Relation, e, $"Click the {e.Icon} icon of \"{e.Name}\"", e.Name);
            else if (e.IsCheck && !(e is { Kind: ElementKind.Radio, On: true }))
                yield return Click(TaskKind.Relation, e, $"{Verb(e)} \"{e.Text}\"", e.Text);
    }

    private IEnumerable<Question> Neighbours()
    {
        var icons = SingleIcons().Select(e => e.Icon).ToHashSet();
        var grouped = _visible.Where(e => e.Group >= 0 && e.Target.Area > 0 && e.Kind is not ElementKind.Field);
        foreach (var group in grouped.GroupBy(e => e.Group))
            foreach (var e in group)
            {
                var (name, subject) = e.Text != ""
                    ? ($"\"{e.Text}\"", e.Text)
                    : (icons.Contains(e.Icon) ? $"the {e.Icon} icon" : "", e.Icon ?? "");
                foreach (var side in name == "" ? [] : Sides.All)
                    if (Sides.Nearest(e, group, side) is { } other)
                        yield return Click(TaskKind.Relation, other, $"Click the item {Sides.Words(side)} {name}", subject) with
                        {
                            Beside = (e, side),
                        };
            }
    }

    private IEnumerable<Question> Words() =>
        from e in _visible
        where e.Text != ""
        let instruction = $"Read the text at {Answers.Point(e.TextBox)}"
        select new Question(TaskKind.Read, frame, instruction, Answers.Type(e.Text)) { Subject = e.Text, About = e, IsAtPoint = true };

    private IEnumerable<Question> Values()
    {
        foreach (var e in _visible)
            if (e is { Kind: ElementKind.Field, Value: not "" })
                yield return new(TaskKind.Read, frame, $"Read the \"{e.Name}\" field", Answers.Type(e.Value))
                {
                    Subject = e.Value,
                    About = e,
                };
            else if (e is { Kind: ElementKind.Text, Name: not "" })
                yield return new(TaskKind.Read, frame, $"Read the \"{e.Name}\" value", Answers.Type(e.Text))
                {
                    Subject = e.Text,
                    About = e,
                };
    }

    internal static string Verb(Element check) => check switch
    {
        { Kind: ElementKind.Switch, On: true } => "Turn off",
        { Kind: ElementKind.Switch } => "Turn on",
        { Kind: ElementKind.Radio } => "Choose",
        { On: true } => "Uncheck",
        _ => "Check",
    };

    private Question Click(TaskKind kind, Element element, string instruction, string subject) =>
        new(kind, frame, instruction, Answers.Click(element.Target)) { Clicks = element, Subject = subject };
}
