using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Screens;

internal enum Frame { Full, Window, Dialog, Phone }

internal enum Toolbar { None, Top, Side }

internal enum Sidebar { None, Left, Right }

/// <summary>Which bars a screen has and where: the arrangement that the split <see cref="Split.Layouts"/> holds out.</summary>
internal sealed record Blueprint(Frame Frame, bool Title, bool Menu, Toolbar Toolbar, bool Tabs, Sidebar Sidebar, bool Status, int Columns)
{
    /// <summary>Names the arrangement.</summary>
    public string Key => string.Join('/', new[]
    {
        Frame.ToString(), Title ? "title" : "", Menu ? "menu" : "", Toolbar is Toolbar.None ? "" : $"toolbar{Toolbar}",
        Tabs ? "tabs" : "", Sidebar is Sidebar.None ? "" : $"sidebar{Sidebar}", Status ? "status" : "", $"{Columns}",
    }.Where(part => part != ""));

    /// <summary>Draws arrangements until one is of the vocabulary's split.</summary>
    public static Blueprint Draw(SeededRandom random, Vocabulary vocabulary, ScreenSize size)
    {
        while (true)
        {
            var blueprint = DrawAny(random, size);
            if (vocabulary.MayUseLayout(blueprint.Key))
                return blueprint;
        }
    }

    private static Blueprint DrawAny(SeededRandom random, ScreenSize size)
    {
        var (wide, large) = (size.Width >= 420, size is { Width: >= 560, Height: >= 448 });
        var frame = random.Below(10) switch
        {
            < 4 => Frame.Full,
            < 7 => Frame.Window,
            < 8 when wide => Frame.Dialog,
            _ => size.Height >= size.Width ? Frame.Phone : Frame.Full,
        };
        var desktop = frame is Frame.Full or Frame.Window;
        return new(
            frame,
            Title: frame is not Frame.Full || random.Chance(0.5),
            Menu: desktop && random.Chance(0.35),
            Toolbar: desktop && random.Chance(0.5) ? random.Chance(0.7) ? Toolbar.Top : Toolbar.Side : Toolbar.None,
            Tabs: random.Chance(0.35),
            Sidebar: desktop && wide && random.Chance(0.4) ? random.Chance(0.7) ? Sidebar.Left : Sidebar.Right : Sidebar.None,
            Status: desktop && random.Chance(0.25),
            Columns: large && frame is not Frame.Phone && random.Chance(0.55) ? 2 : size.Width >= 1120 ? random.Between(2, 3) : 1);
    }
}
