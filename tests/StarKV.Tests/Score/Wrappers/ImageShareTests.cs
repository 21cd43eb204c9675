using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score.Wrappers;

/// <summary>All text is kept, and the budget is a share of the screenshots: by hand.</summary>
/// <remarks>Text at 0 and 1, a screenshot of ten cells at 2 to 11, text at 12 and 13: four tokens of text in fourteen.</remarks>
public sealed class ImageShareTests
{
    private static readonly TokenMap s_prompt = TestPrompts.Of(2, (2, 5));

    private static KeepPlan?[] Divide(ICompressionMethod method, KvBudget budget, int window = 1, TokenMap? prompt = null, int layers = 3, params double[] measures) =>
        [.. new ImageShare(method).LayerBudget.Divide(budget, window, prompt ?? s_prompt, layers, measures)];

    [Theory]
    [InlineData(50, 9)]
    [InlineData(20, 6)]
    [InlineData(90, 13)]
    public void The_text_is_added_to_the_share_of_the_screenshot(int percent, int rows) =>
        Assert.All(Divide(new SnapKv(), KvBudget.Parse($"{percent}%")), p => Assert.Equal(new KeepPlan(1, rows - 1), p));

    [Fact]
    public void Everything_is_kept_where_all_of_the_screenshot_is()
    {
        Assert.Equal([null, null, null], Divide(new SnapKv(), KvBudget.All));
        Assert.Equal([null, null, null], Divide(new SnapKv(), KvBudget.Tokens(10)));
        Assert.Equal([null, null], Divide(new SnapKv(), KvBudget.Keep(0.1), prompt: TestPrompts.Of(7), layers: 2));
    }

    [Fact]
    public void No_layer_gets_less_than_text_window_and_one_token() =>
        // Two cells and four of text are 6 in the mean: the pyramid has 10, 6 and 2. Three of text before the window, the window and one more are 5.
        Assert.Equal([7, 6, 5], Divide(new PyramidKv(), KvBudget.Parse("20%")).Select(p => p!.Value.Rows));

    [Fact]
    public void A_window_over_the_text_counts_once() =>
        // The window of three holds the last two of the text and a cell: two before it, three and one make six.
        Assert.All(Divide(new SnapKv(), KvBudget.Parse("1%"), window: 3), p => Assert.Equal(new KeepPlan(3, 3), p));

    [Fact]
    public void What_a_method_inside_must_keep_is_kept_too()
    {
        var boxed = new Protected(new SnapKv(), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 0.5)] });
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 12, 13], new ImageShare(boxed).LayerBudget.Required(s_prompt).Order());
        // Eight before the window, the window and one more.
        Assert.All(Divide(boxed, KvBudget.Parse("20%")), p => Assert.Equal(10, p!.Value.Rows));
    }

    [Fact]
    public void Text_is_kept_whatever_its_score() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        // Text draws next to nothing; cells draw the more the later they come.
        float[] weights = [.. Enumerable.Range(0, 14).Select(t => s_prompt.FrameOf[t] < 0 ? 0.001f : t)];
        var method = new ImageShare(new SnapKv(new AttentionOptions { Window = 1, Kernel = 1 }));
        var layer = ExactLayer.Of(s_prompt, shared, [weights], 1);
        Assert.Equal([0, 1, 7, 8, 9, 10, 11, 12, 13], Selector.Select(method, new KeepPlan(1, 8), layer.Observe(1, 9), memory).data<long>().ToArray());
    });

    [Fact]
    public void Names_and_measures_are_those_of_the_budget_inside()
    {
        var (vl, full) = (new ImageShare(new VlCache()).LayerBudget, new ImageShare(new Full()).LayerBudget);
        Assert.Equal(("sparsity", true, false), (vl.Name, vl.NeedsMeasures, vl.DropsNothing));
        Assert.Equal(("everything", false, true), (full.Name, full.NeedsMeasures, full.DropsNothing));
        Assert.Equal([9, 9, 9], Divide(new VlCache(), KvBudget.Keep(0.5), measures: [0.5, 0.5, 0.5]).Select(p => p!.Value.Rows));
        TorchThread.Run(() =>
        {
            using var shared = new PromptTensors(CPU);
            var o = ExactLayer.Of(s_prompt, shared, [[.. Enumerable.Repeat(1f, 14)]], 1).Observe(1, 4);
            Assert.Equal(new SparsityBudget().Measure(o).item<float>(), vl.Measure(o).item<float>());
        });
    }
}
