using CsCheck;
using StarKV.Budget;

namespace StarKV.Tests.Budget;

public sealed class KeepPlanTests
{
    [Theory]
    [InlineData(20, 8, 100, 8, 12)]
    [InlineData(9, 8, 100, 8, 1)]
    [InlineData(8, 8, 100, 6, 2)]
    [InlineData(5, 8, 100, 3, 2)]
    [InlineData(3, 8, 100, 1, 2)]
    [InlineData(2, 8, 100, 1, 1)]
    [InlineData(99, 8, 100, 8, 91)]
    [InlineData(2, 1, 3, 1, 1)]
    public void A_window_that_fills_the_capacity_shrinks(int capacity, int window, int length, int wantedWindow, int wantedKept) =>
        Assert.Equal(new KeepPlan(wantedWindow, wantedKept), KeepPlan.Of(KvBudget.Tokens(capacity), window, length));

    [Fact]
    public void Window_and_kept_always_fill_the_capacity() => Gen.Select(Gen.Int[3, 3000], Gen.Int[1, 256], Gen.Double[0, 1]).Sample((length, window, share) =>
    {
        var capacity = 2 + (int)(share * (length - 3));
        var (w, kept) = KeepPlan.Of(KvBudget.Tokens(capacity), window, length)!.Value;
        Assert.Equal(capacity, w + kept);
        Assert.InRange(w, 1, window);
        Assert.InRange(kept, 1, length - w);
    });

    [Fact]
    public void Nothing_is_planned_when_the_prompt_fits() => Assert.Null(KeepPlan.Of(KvBudget.Tokens(10), 8, 10));
}
