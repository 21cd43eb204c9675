using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Tests.Benchmarks.Published;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Pages of the parquet files were cut in another way than UGround's program cuts them.</summary>
[Trait("outside", "2.11")]
public sealed class PagesWiderThanABlock : IDisposable
{
    private readonly Fixture _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_left_1280_pixels_are_shown()
    {
        _files.Outside("wide-page", "data");
        var screen = Assert.Single(new Mind2WebBenchmark(new BenchmarkOptions(_files.At("data"), _files.At("data"))).Tasks[0].Open().Screens);
        Assert.Equal((1280, 336), (screen.Width, screen.Height));
        var (width, height) = SmartResize.Default.Fit(screen.Width, screen.Height);
        var grid = MergedGrid.OfPixels(width, height);
        Assert.Equal(552, grid.Rows * grid.Columns);
    }

    [Theory]
    [InlineData(100, 1, 100)]
    [InlineData(999, 1, 999)]
    [InlineData(1000, 2, 200)]
    [InlineData(1799, 2, 999)]
    [InlineData(1800, 3, 200)]
    [InlineData(1900, 3, 300)]
    public void There_are_so_many_blocks(int height, int count, int last)
    {
        var blocks = PageBlocks.Of(1400, height, [new WebBox(10, 10, 20, 20)]);
        Assert.Equal((count, last, (count - 1) * 800), (blocks.Count, blocks[^1].Height, blocks[^1].Top));
        Assert.All(blocks, b => Assert.Equal((0, 1280), (b.Left, b.Width)));
    }

    [Fact]
    public void A_target_belongs_to_every_block_that_shows_it_whole()
    {
        var blocks = PageBlocks.Of(1280, 2000, [new WebBox(10, 850, 20, 50)]);
        Assert.Equal(["10 850", "10 50", ""], blocks.Select(b => string.Join(", ", b.Targets.Select(t => $"{t.X} {t.Y}"))));
    }

    [Fact]
    public void A_page_without_a_target_is_its_first_block()
    {
        var block = Assert.Single(PageBlocks.Of(1400, 5000, []));
        Assert.Equal((0, 0, 1280, 1000), (block.Left, block.Top, block.Width, block.Height));
        Assert.Empty(block.Targets);
    }

    [Theory]
    // Higher than the overlap and across a block's end; beside the left 1,280 pixels; both.
    [InlineData(10, 700, 20, 500, 0, 450, 1)]
    [InlineData(1300, 100, 50, 20, 85, 0, 1)]
    [InlineData(1390, 2900, 10, 20, 120, 2000, 3)]
    public void A_target_that_no_block_shows_whole_has_one_of_its_own(double x, double y, double width, double height, int left, int top, int place)
    {
        var blocks = PageBlocks.Of(1400, 3000, [new WebBox(x, y, width, height)]);
        Assert.Equal(5, blocks.Count);
        Assert.Equal((left, top, 1280, 1000), (blocks[place].Left, blocks[place].Top, blocks[place].Width, blocks[place].Height));
        Assert.Equal([new WebBox(x - left, y - top, width, height)], blocks[place].Targets);
        Assert.Equal(1, blocks.Count(b => b.Targets.Count > 0));
    }

    [Fact]
    public void A_target_larger_than_a_block_counts_as_far_as_it_is_shown_and_one_beside_the_page_is_an_error()
    {
        Assert.Single(PageBlocks.Of(1280, 3000, [new WebBox(0, 100, 100, 2000)]), b => b.Targets.Count > 0);
        Assert.Contains("lies outside of the page of 1280×3000 pixels", Assert.Throws<StarKvException>(() => PageBlocks.Of(1280, 3000, [new WebBox(0, 3000, 100, 20)])).Message, StringComparison.Ordinal);
    }
}
