using System.Text.RegularExpressions;
using StarKV.Act.Compatibility;

namespace StarKV.Tests.Act.Compatibility;

public sealed class CompatibilityAnswerTests
{
    [Fact]
    public void An_answer_says_its_records_or_its_error()
    {
        Assert.Equal("[wait [], hotkey [key=a]]", new CompatibilityAnswer([new(null, null, "wait", []), new(null, null, "hotkey", [new("key", "a")])]).ToString());
        Assert.Equal("ValueError: why", new CompatibilityAnswer([], new("ValueError", "why")).ToString());
        Assert.Equal("start_coords=[1.5, 2]", new CompatibilityInput("start_coords", null, [1.5, 2]).ToString());
    }

    [Fact]
    public void A_search_without_end_is_an_answer_that_is_not_parsed()
    {
        var error = CompatibilityError.Guard<CompatibilityError?>(() => throw new RegexMatchTimeoutException(), error => error);
        Assert.Equal(("TimeoutError", "The answer takes more than 10 s to search; it counts as not parsed."), (error!.Exception, error.Message));
        Assert.Equal("read", CompatibilityError.Guard(() => "read", _ => "not read"));
    }
}
