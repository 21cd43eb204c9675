using StarKV.Budget;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Issues;

/// <summary>Reports asked a method for its name, and a budget for its type: a user's own method that keeps everything was reported wrongly.</summary>
public sealed class BudgetsThatKeepEverything
{
    private static readonly KvBudget s_fifth = KvBudget.Keep(0.2);

    [Fact]
    public void A_user_s_own_method_that_keeps_everything_is_named_so()
    {
        var own = new Compression(new Own("mine", new OwnBudget(true)), s_fifth);
        Assert.True(own.KeepsEverything);
        Assert.Equal("mine", $"{own}");
        Assert.Equal("mine", $"{new GroundingOptions { Method = own.Method, Budget = s_fifth }.Compression}");
    }

    [Fact]
    public void A_method_that_drops_is_named_with_its_budget_whatever_it_is_called()
    {
        var own = new Compression(new Own("full", new OwnBudget(false)), s_fifth);
        Assert.False(own.KeepsEverything);
        Assert.Equal("full, keep 20%", $"{own}");
    }

    [Fact]
    public void Wrappers_pass_it_on()
    {
        ICompressionMethod[] wrapped =
        [
            new Protected(new Full(), new ProtectedTokens { System = true }), new EqualBytes(new Full(), 2), new ImageShare(new Full()), new EveryNTokens(new Full(), 3),
            new Protected(new EqualBytes(new Own("mine", new OwnBudget(true)), 2), new ProtectedTokens { System = true }),
        ];
        Assert.All(wrapped, w => Assert.True(new Compression(w, s_fifth).KeepsEverything));
        Assert.All(wrapped, w => Assert.Equal(w.Name, $"{new Compression(w, s_fifth)}"));
        Assert.All(Methods.All, m => Assert.Equal(m.Name == "full", new Compression(Methods.Create(m.Name), s_fifth).KeepsEverything));
    }

    [Fact]
    public void What_must_be_kept_reaches_the_outermost_wrapper()
    {
        var prompt = TestPrompts.Of(10, (4, 4), (4, 4));
        var (earlier, now) = (new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1) { FramesAgo = 1 }] }, new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1)] });
        var inner = new Protected(new SnapKv(), earlier);
        foreach (var between in new ICompressionMethod[] { inner, new EqualBytes(inner, 2), new EveryNTokens(inner, 4) })
        {
            var outer = new Protected(between, now).LayerBudget;
            Assert.Equal([.. earlier.In(prompt), .. now.In(prompt)], outer.Required(prompt).Order());
            Assert.Contains("32 protected tokens", Assert.Throws<StarKvException>(() => outer.Divide(KvBudget.Tokens(30), 8, prompt, 4, [])).Message, StringComparison.Ordinal);
        }

        Assert.Empty(new SnapKv() is ICompressionMethod plain ? plain.LayerBudget.Required(prompt) : [0]);
    }

    private sealed class Own(string name, ILayerBudget budget) : ICompressionMethod
    {
        public string Name => name;

        public ILayerBudget LayerBudget => budget;

        public int Window(TokenMap prompt) => 4;

        public Tensor Score(in LayerObservation observation, LayerMemory memory) => ones([1, observation.Past]);
    }

    private sealed class OwnBudget(bool everything) : ILayerBudget
    {
        public string Name => everything ? "own" : "everything";

        public bool DropsNothing => everything;

        public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures) =>
            everything ? new KeepPlan?[layers] : new UniformBudget().Divide(budget, window, prompt, layers, measures);
    }
}
