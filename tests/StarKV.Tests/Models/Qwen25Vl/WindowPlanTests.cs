using CsCheck;
using StarKV.Models.Qwen25Vl;

namespace StarKV.Tests.Models.Qwen25Vl;

public sealed class WindowPlanTests
{
    private static readonly Gen<(int Rows, int Columns, int Window)> s_grids = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 8]);

    [Fact]
    public void Both_orders_visit_every_cell_once() => s_grids.Sample(g =>
    {
        var plan = WindowPlan.Create(g.Rows, g.Columns, g.Window);
        var all = Enumerable.Range(0, g.Rows * g.Columns);
        Assert.Equal(all, plan.Order.Order());
        Assert.Equal(all, plan.RowMajorOrder.Order());
        Assert.Equal(all.Count(), plan.WindowSizes.Sum());
    });

    [Fact]
    public void Groups_cover_the_order_without_gaps_and_are_at_most_four() => s_grids.Sample(g =>
    {
        var plan = WindowPlan.Create(g.Rows, g.Columns, g.Window);
        var next = 0;
        foreach (var group in plan.Groups)
        {
            Assert.Equal(next, group.Start);
            Assert.InRange(group.Cells, 1, g.Window * g.Window);
            next += group.Windows * group.Cells;
        }

        Assert.Equal(g.Rows * g.Columns, next);
        Assert.InRange(plan.Groups.Count, 1, 4);
        Assert.Equal(plan.Groups.Count, plan.Groups.Select(x => x.Cells).Distinct().Count());
    });

    [Fact]
    public void Each_window_of_a_group_is_one_square_of_the_screen() => s_grids.Sample(g =>
    {
        var plan = WindowPlan.Create(g.Rows, g.Columns, g.Window);
        foreach (var group in plan.Groups)
        {
            for (var w = 0; w < group.Windows; w++)
            {
                var cells = plan.Order.Skip(group.Start + w * group.Cells).Take(group.Cells).ToList();
                Assert.Single(cells.Select(c => (c / g.Columns / g.Window, c % g.Columns / g.Window)).Distinct());
                Assert.Equal(cells.Order(), cells);
            }
        }
    }, iter: 30);

    [Fact]
    public void A_screen_of_whole_windows_has_one_group() =>
        Assert.Equal([new WindowGroup(0, 6, 16)], WindowPlan.Create(8, 12, 4).Groups);

    [Fact]
    public void The_published_order_goes_window_by_window() =>
        Assert.Equal([0, 1, 3, 4, 2, 5, 6, 7, 8], WindowPlan.Create(3, 3, 2).RowMajorOrder);
}
