using CsCheck;
using StarKV.Budget;

namespace StarKV.Tests.Budget;

public sealed class KvBudgetTests
{
    [Theory]
    [InlineData("20%", 1000, 200)]
    [InlineData(" 20 % ", 1000, 200)]
    [InlineData("0.2", 1000, 200)]
    [InlineData("20", 1000, 200)]
    [InlineData("1.01", 10000, 101)]
    [InlineData("100", 7, 7)]
    [InlineData("100%", 7, 7)]
    [InlineData("12.5%", 1000, 125)]
    [InlineData("512t", 1000, 512)]
    [InlineData("512t", 100, 100)]
    [InlineData("2t", 100, 2)]
    [InlineData("29%", 100, 29)]
    [InlineData("0.1%", 100, 2)]
    [InlineData("1e-3", 10000, 10)]
    public void Budgets_are_read(string text, int length, int capacity) => Assert.Equal(capacity, KvBudget.Parse(text).Capacity(length));

    [Theory]
    [InlineData("0%", "0 %")]
    [InlineData("0", "0 %")]
    [InlineData("101%", "101 %")]
    [InlineData("-5%", "-5 %")]
    [InlineData("1t", "1 tokens")]
    [InlineData("0t", "0 tokens")]
    [InlineData("-3t", "-3 tokens")]
    public void Budgets_out_of_bounds_say_the_bound(string text, string said)
    {
        var error = Assert.Throws<StarKvException>(() => KvBudget.Parse(text));
        Assert.Contains($"keep is {said}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "'1' may mean 1 % or everything; write 1% or 100%")]
    [InlineData("101", "'101' is more than 100 %")]
    [InlineData("512", "write 512t")]
    public void Bare_numbers_that_may_mean_several_things_are_refused(string text, string said) =>
        Assert.Contains(said, Assert.Throws<StarKvException>(() => KvBudget.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1,3,5,100", "1% 3% 5% 100%")]
    [InlineData("2.5, 20", "2.5% 20%")]
    [InlineData("0.05,0.2", "5% 20%")]
    [InlineData("1%,512t", "1% 512t")]
    [InlineData("0.5,5", "50% 5%")]
    [InlineData(" 20 ,, 512t ", "20% 512t")]
    [InlineData("", "")]
    public void Lists_are_read_budget_by_budget(string list, string budgets) => Assert.Equal(budgets, string.Join(' ', KvBudget.ParseList(list)));

    [Fact]
    public void A_one_alone_in_a_list_is_refused_too() => Assert.Throws<StarKvException>(() => KvBudget.ParseList("0.5,1"));

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("t")]
    [InlineData("NaN")]
    [InlineData("NaN%")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("twenty")]
    [InlineData("20%%")]
    [InlineData("5.5t")]
    [InlineData("99999999999t")]
    [InlineData("0,2")]
    public void Junk_shows_how_to_write_a_budget(string text)
    {
        var error = Assert.Throws<StarKvException>(() => KvBudget.Parse(text));
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("20% or 0.2", error.Message, StringComparison.Ordinal);
        Assert.Contains("512t", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_outside_are_refused()
    {
        foreach (var share in new[] { 0, -0.1, 1.0001, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
            Assert.Throws<StarKvException>(() => KvBudget.Keep(share));
        Assert.Throws<StarKvException>(() => KvBudget.Tokens(1));
        Assert.Equal(2, KvBudget.Tokens(2).Capacity(50));
    }

    [Fact]
    public void Whole_percentages_of_any_length_are_exact() => Gen.Select(Gen.Int[1, 100], Gen.Int[2, 100_000]).Sample((percent, length) =>
        Assert.Equal(Math.Min(length, Math.Max(2, (int)((long)length * percent / 100))), KvBudget.Parse($"{percent}%").Capacity(length)));

    [Fact]
    public void Capacity_lies_between_two_and_the_length() => Gen.Select(Gen.Double[1e-9, 1], Gen.Int[2, 50_000]).Sample((share, length) =>
        Assert.InRange(KvBudget.Keep(share).Capacity(length), 2, length));

    [Fact]
    public void A_prompt_of_one_token_is_kept() => Assert.Equal(1, KvBudget.Keep(0.01).Capacity(1));

    [Fact]
    public void A_budget_is_written_as_it_is_read() => Gen.OneOf(
        Gen.Int[1, 10_000].Select(i => KvBudget.Keep(i / 10_000.0)), Gen.Int[2, int.MaxValue].Select(KvBudget.Tokens)).Sample(budget =>
        Assert.Equal(budget.Capacity(12_345), KvBudget.Parse(budget.ToString()).Capacity(12_345)));

    [Fact]
    public void All_keeps_all() => Assert.Equal((4096, "100%"), (KvBudget.All.Capacity(4096), KvBudget.All.ToString()));
}
