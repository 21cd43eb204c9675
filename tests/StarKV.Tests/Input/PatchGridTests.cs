using StarKV.Input;

namespace StarKV.Tests.Input;

public class PatchGridTests
{
    [Fact]
    public void A_full_hd_screen_has_2691_tokens()
    {
        var grid = PatchGrid.FromSize(1932, 1092);
        Assert.Equal((78, 138, 39, 69, 2691, 10764), (grid.Height, grid.Width, grid.Rows, grid.Columns, grid.Tokens, grid.Patches));
    }

    [Fact]
    public void Sizes_off_the_grid_are_refused() =>
        Assert.Contains("multiples of 28", Assert.Throws<StarKvException>(() => PatchGrid.FromSize(1920, 1092)).Message, StringComparison.Ordinal);

    [Fact]
    public void Cells_are_28_px_resized_and_tile_the_original()
    {
        var grid = PatchGrid.FromSize(1932, 1092);
        Assert.Equal(new PixelBox(28, 56, 56, 84), grid.CellBox(2, 1));
        var last = grid.CellBox(38, 68, 1920, 1080);
        Assert.Equal((1920, 1080), (last.Right, last.Bottom));
        Assert.Equal(grid.CellBox(0, 0, 1920, 1080).Right, grid.CellBox(0, 1, 1920, 1080).Left);
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.CellBox(39, 0));
    }

    [Fact]
    public void Every_cells_middle_lies_in_that_cell()
    {
        var grid = PatchGrid.FromSize(140, 84);
        for (var row = 0; row < grid.Rows; row++)
            for (var column = 0; column < grid.Columns; column++)
            {
                var box = grid.CellBox(row, column, 130, 90);
                Assert.Equal((row, column), grid.CellAt((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2, 130, 90));
            }

        Assert.Equal((0, 0), grid.CellAt(-5, -1, 130, 90));
        Assert.Equal((2, 4), grid.CellAt(130, 90, 130, 90));
    }
}
