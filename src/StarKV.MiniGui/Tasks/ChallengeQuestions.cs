using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Tasks;

/// <summary>The questions of a challenge that one screen answers. Each has one answer, and what is shown tells which.</summary>
internal sealed class ChallengeQuestions(Screen screen, SeededRandom random)
{
    private readonly List<Element> _visible = [.. screen.Elements.Where(screen.IsVisible)];

    /// <summary>All questions of a challenge, in no particular order.</summary>
    public IEnumerable<Question> All(Challenge challenge) => challenge switch
    {
        Challenge.LongText => new ScreenQuestions(screen, 0, random).All(TaskKind.Read).Where(q => q.Subject.Split(' ').Length > 2),
        Challenge.Blocks => Middles().Concat(Neighbours()).Concat(Within()),
        Challenge.Table => Cells().Concat(Values()),
        Challenge.Cards => InCards(),
        Challenge.Twins => NextTo(),
        _ => OnEitherLayer(),
    };

    private IEnumerable<Element> Of(ElementKind kind) => _visible.Where(e => e.Kind == kind);

    private IEnumerable<Question> Middles() =>
        Of(ElementKind.Block).Select(b => Click(TaskKind.Text, b, $"Click the middle of \"{b.Text}\""));

    private IEnumerable<Question> Neighbours() =>
        from block in Of(ElementKind.Block)
        from side in Sides.All
        let other = Sides.Nearest(block, Of(ElementKind.Block).Where(e => e.Group == block.Group), side)
        where other is not null
        select Click(TaskKind.Relation, other, $"Click the middle of the item {Sides.Words(side)} \"{block.Text}\"") with
        {
            Beside = (block, side),
            Subject = block.Text,
        };

    /// <summary>A point in the half of a block that its words are not in.</summary>
    private IEnumerable<Question> Within()
    {
        foreach (var (box, block) in Of(ElementKind.Block).Select(b => (b.Box, b)))
        {
            var top = block.TextBox.Y > box.Center.Y ? box.Y + 4 : box.Center.Y;
            var point = new Box(random.Between(box.X + 4, box.Right - 5), random.Between(top, top + box.Height / 2 - 5), 1, 1);
            yield return Read(block, $"Read the text of the item at {Answers.Point(point)}") with { IsAtPoint = true };
        }
    }

    private IEnumerable<Question> Cells() =>
        from cell in Of(ElementKind.Cell)
        where screen.Elements.Count(e => e.Text == cell.Text) > 1
        let inRow = screen.Elements.Count(e => e.Kind is ElementKind.Cell && e.Name == cell.Name && e.Text == cell.Text)
        select Click(
            TaskKind.Relation, cell, $"Click \"{cell.Text}\" of \"{cell.Name}\"" + (inRow > 1 ? $" below \"{HeadingOf(cell)}\"" : ""));

    private IEnumerable<Question> Values() =>
        from value in Of(ElementKind.Text)
        where value is { Group: >= 0, Name: not "" }
        select Read(value, $"Read the \"{HeadingOf(value)}\" value of \"{value.Name}\"");

    private string HeadingOf(Element cell) =>
        screen.Elements.First(e => e.Kind is ElementKind.Heading && e.Group == cell.Group && e.Box.X == cell.Box.X).Text;

    private IEnumerable<Question> InCards() =>
        from button in Of(ElementKind.Button)
        where button.Name != "" && screen.Elements.Count(e => e.Text == button.Text) > 1
        select Click(TaskKind.Relation, button, $"Click \"{button.Text}\" in \"{button.Name}\"");

    private IEnumerable<Question> NextTo() =>
        from row in Of(ElementKind.Row)
        where screen.Elements.Count(e => e.Text == row.Text) > 1
        from side in new[] { Side.Above, Side.Below }
        let other = Sides.Nearest(row, Of(ElementKind.Row).Where(e => e.Group == row.Group), side)
        where other is not null
        let opposite = side is Side.Above ? Side.Below : Side.Above
        select Click(TaskKind.Relation, row, $"Click \"{row.Text}\" {Sides.Words(opposite)} \"{other.Text}\"");

    private IEnumerable<Question> OnEitherLayer() =>
        from button in Of(ElementKind.Button)
        where screen.Elements.Count(e => e.Kind is ElementKind.Button && e.Text == button.Text) > 1
        select Click(
            TaskKind.Relation, button, $"Click \"{button.Text}\" {(button.Layer > 0 ? "in the message" : "behind the message")}");

    private static Question Click(TaskKind kind, Element element, string instruction) =>
        new(kind, 0, instruction, Answers.Click(element.Target)) { Clicks = element, Subject = element.Text };

    private static Question Read(Element element, string instruction) =>
        new(TaskKind.Read, 0, instruction, Answers.Type(element.Text)) { Subject = element.Text, About = element };
}
