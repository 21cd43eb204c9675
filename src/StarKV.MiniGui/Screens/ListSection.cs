using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>Three to eight rows; some lists have an icon before the words, some one or two icons at the end of every row.</summary>
internal static class ListSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var width = random.Chance(0.3) && column.Width > 260 ? column.Width * random.Between(60, 90) / 100 : column.Width;
        var leading = random.Chance(0.35);
        var side = look.Icon + look.Pad + 2;
        var trailing = width > 200 && random.Chance(0.35)
            ? Enumerable.Range(0, random.Between(1, 2)).Select(_ => draft.Labels.Icon()).OfType<string>().ToList() : [];
        var group = draft.NewGroup();
        for (var i = random.Between(3, 8); i > 0; i--)
        {
            var room = width - 2 * look.Pad - 8 - (leading ? side : 0) - trailing.Count * side;
            if (column.Left < look.Control || draft.Labels.Label(room) is not { } text)
                break;
            var icon = leading ? draft.Labels.Icon() : null;
            var box = new Box(column.X, column.Take(look.Control, 0)!.Value, width, look.Control);
            draft.Add(
                Controls.Entry(look, ElementKind.Row, box, text, icon, look.Pad + 3) with
                {
                    Group = group,
                    Accented = look.Striped && i % 2 == 0,
                });
            for (var t = 0; t < trailing.Count; t++)
            {
                var iconBox = new Box(box.Right - (t + 1) * side, box.Y + look.Pad, look.Icon, look.Icon)
                    .Moved(0, (look.Control - look.Icon) / 2 - look.Pad);
                draft.Add(
                    new Element(ElementKind.RowIcon, iconBox)
                    {
                        Name = text,
                        Icon = trailing[t],
                        IconBox = iconBox,
                        Target = iconBox.Grown(2, 2),
                    });
            }
        }

        _ = column.Take(0, look.Gap);
    }
}
