using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class CompatibilityAnswerTests
{
    [Fact]
    public void An_answer_says_its_records_or_its_error()
    {
        Assert.Equal("[wait [], hotkey [key=a]]",
            new CompatibilityAnswer([new(null, null, "wait", []), new(null, null, "hotkey", [new("key", "a")])]).ToString());
        Assert.Equal("click_left [x=[0.5, 0.25], y=7]",
            new CompatibilityRecord(null, null, "click_left", [new("x", null, [0.5, 0.25]), new("y", "7")]).ToString());
        Assert.Equal("ValueError: why", new CompatibilityAnswer([], new("ValueError", "why")).ToString());
        Assert.Equal("start_coords=[1.5, 2]", new CompatibilityInput("start_coords", null, [1.5, 2]).ToString());
    }

    [Fact]
    public void Every_public_record_with_a_list_says_itself_what_it_prints()
    {
        Type[] records = [typeof(CompatibilityAnswer), typeof(CompatibilityRecord), typeof(CompatibilityInput), typeof(OpenCuaAction)];
        Assert.All(records, type => Assert.False(type.GetMethod(nameof(ToString), [])!.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false), type.Name));
    }

    [Fact]
    public void A_search_without_end_is_an_answer_that_is_not_parsed()
    {
        var error = CompatibilityError.Guard<CompatibilityError?>(() => throw new RegexMatchTimeoutException(), error => error);
        Assert.Equal(("TimeoutError", "The answer takes more than 10 s to search; it counts as not parsed."), (error!.Exception, error.Message));
        Assert.Equal("read", CompatibilityError.Guard(() => "read", _ => "not read"));
    }
}
