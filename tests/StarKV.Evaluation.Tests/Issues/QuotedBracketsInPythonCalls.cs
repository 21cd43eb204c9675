using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>
/// The reader of Python expressions took a text <c>')'</c> or <c>'in'</c> for the sign or word, never read what stands behind <c>**</c> in a
/// dictionary, and counted a nested call twice towards the 200 levels that Python reads.
/// </summary>
public sealed class QuotedBracketsInPythonCalls
{
    private static string Read(string answer)
    {
        var parsed = PyActionParser.Official(new()).Parse(answer);
        return parsed.Error?.Exception ?? string.Join("; ", parsed.Records);
    }

    [Theory]
    [InlineData("Action: wait((1, ')'))")]
    [InlineData("Action: wait((1, ']', '}'))")]
    [InlineData("Action: wait({**a})")]
    [InlineData("Action: wait({1: 2, **a, 'b': c})")]
    public void Positional_values_that_Python_reads_are_passed_over(string answer) => Assert.Equal("wait []", Read(answer));

    [Theory]
    [InlineData("Action: wait([1 ']'])")]
    [InlineData("Action: wait({1 '}'})")]
    [InlineData("Action: wait(a not 'in' b)")]
    [InlineData("Action: wait({**})")]
    [InlineData("Action: wait({**, 1: 2})")]
    public void What_Python_does_not_read_is_a_ValueError(string answer) => Assert.Equal("ValueError", Read(answer));

    [Theory]
    [InlineData(190, "wait []")]
    [InlineData(250, "ValueError")]
    public void Nested_calls_go_as_deep_as_parentheses(int calls, string read) =>
        Assert.Equal(read, Read($"Action: wait({string.Concat(Enumerable.Repeat("f(", calls))}{new string(')', calls)})"));
}
