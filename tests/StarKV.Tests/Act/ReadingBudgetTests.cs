using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>The budget of an empty text is 64 times 64 characters; each reader counts what it looks at and nothing else.</summary>
public class ReadingBudgetTests
{
    private const int All = 64 * 64;

    // So far behind the start that the place itself, were it counted, would spend the budget.
    private static readonly string s_far = new(' ', All);

    private static readonly string s_digits = new('1', All + 1);

    [Fact]
    public void Sixty_four_looks_at_each_character_and_at_sixty_four_more_are_allowed()
    {
        var budget = ReadingBudget.For(100);
        budget.Spend(64 * 164 - 1);
        budget.Spend(1);
        budget.Spend(0);
        Assert.Throws<TangledTextException>(() => budget.Spend(1));
    }

    [Fact]
    public void An_expression_is_counted()
    {
        Assert.Throws<TangledTextException>(() => new PythonReader(s_digits, 0, ReadingBudget.For(0)).Expression());
        Assert.Equal("1", new PythonReader(s_far + "1", s_far.Length, ReadingBudget.For(0)).Expression()?.Value);
    }

    [Fact]
    public void A_text_literal_is_counted()
    {
        Assert.Throws<TangledTextException>(() => PythonText.Scan($"'{s_digits}'", 0, ReadingBudget.For(0)));
        Assert.Equal("a", PythonText.Scan(s_far + "'a'", s_far.Length, ReadingBudget.For(0))?.Raw);
    }

    [Fact]
    public void An_expression_that_is_passed_over_is_counted()
    {
        Assert.Throws<TangledTextException>(() => PythonSkipper.End($"x{s_digits})", 0, 12, ReadingBudget.For(0)));
        Assert.Equal(s_far.Length + 1, PythonSkipper.End(s_far + "x)", s_far.Length, 12, ReadingBudget.For(0)));
    }

    [Fact]
    public void A_quoted_value_is_counted()
    {
        Assert.Throws<TangledTextException>(() => new QuotedValues($"'{s_digits}')", ReadingBudget.For(0)).Find(0));
        Assert.Equal((All + 2, All + 3, Closing.Same), new QuotedValues(s_far + "'a')", ReadingBudget.For(0)).Find(s_far.Length));
    }

    [Fact]
    public void A_call_is_counted()
    {
        Assert.Throws<TangledTextException>(() => CallScanner.Scan($"wait(time={s_digits})", 0, ReadingBudget.For(0)));
        Assert.Equal("wait", CallScanner.Scan(s_far + "wait()", s_far.Length, ReadingBudget.For(0))?.Name);
    }
}
