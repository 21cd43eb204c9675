using StarKV.Evaluation.Records;
using StarKV.Sessions;

namespace StarKV.Evaluation.Tests.Records;

public sealed class SessionModeTests
{
    [Theory]
    [InlineData("reread")]
    [InlineData("lossless")]
    [InlineData("store:window=3:slide=drop")]
    [InlineData("evict:window=2:slide=exact")]
    [InlineData("evict:budget=share")]
    [InlineData("lossless:window=2:slide=exact:budget=final:protect=none")]
    [InlineData("reread:budget=final")]
    [InlineData("evict:protect=answers")]
    public void A_mode_is_written_as_it_is_read(string text)
    {
        var mode = SessionMode.Parse(text);
        Assert.Equal(text, $"{mode}");
        Assert.Equal(mode, SessionMode.ModeOf(mode.NameOf("star-kv:alpha=0")));
        Assert.Equal("star-kv:alpha=0", SessionMode.MethodOf(mode.NameOf("star-kv:alpha=0")));
    }

    [Theory]
    [InlineData("evict:budget=final", "evict")]
    [InlineData("lossless:budget=share:protect=instruction", "lossless")]
    [InlineData("store:window=2", "store:window=2:slide=drop")]
    [InlineData("store:protect=none:window=2", "store:window=2:slide=drop:protect=none")]
    public void Defaults_are_not_written_and_options_have_one_order(string text, string written) => Assert.Equal(written, $"{SessionMode.Parse(text)}");

    [Fact]
    public void Evicting_sessions_have_their_last_budget_from_the_first_step_on()
    {
        var mode = SessionMode.Parse("evict");
        Assert.Equal((KvStorage.Evict, StepBudget.Final, StepProtection.Instruction), (mode.Storage, mode.Budget, mode.Protect));
        Assert.Equal(StepBudget.Share, SessionMode.Parse("lossless").Budget);
        Assert.True(SessionMode.Parse("reread").ReadsAgain);
    }

    [Theory]
    [InlineData("reread", "reread")]
    [InlineData("evict:budget=share", "evict share")]
    [InlineData("lossless:window=2:slide=exact:budget=final:protect=none", "lossless exact 2 final unprotected")]
    [InlineData("evict:protect=answers", "evict + answers")]
    public void Curves_name_a_mode_in_few_words(string text, string label) => Assert.Equal(label, SessionMode.Parse(text).Label);

    [Fact]
    public void A_list_names_each_mode_once() =>
        Assert.Equal(["reread", "evict"], SessionMode.ParseList(" reread,evict,evict:budget=final, ").Select(m => $"{m}"));

    [Theory]
    [InlineData("losless", "there are reread, lossless, store, evict. Did you mean lossless?")]
    [InlineData("Evict", "there are reread, lossless, store, evict.")]
    [InlineData("1", "there are reread")]
    [InlineData("evict:window", "options are of the form name=value")]
    [InlineData("evict:window=0", "window is a number of screenshots, 1 or more")]
    [InlineData("evict:window=2:window=3", "window stands twice")]
    [InlineData("evict:slide=exact", "slide needs a window, as in window=2")]
    [InlineData("evict:window=2:slide=shift", "slide is drop or exact")]
    [InlineData("evict:budget=cap", "budget is share or final")]
    [InlineData("evict:protect=all", "protect is instruction, answers or none")]
    [InlineData("evict:size=3", "its options are window, slide, budget and protect")]
    [InlineData("reread:window=2", "a window is for sessions")]
    public void What_is_no_mode_is_refused_with_its_reason(string text, string reason)
    {
        var message = Assert.Throws<StarKvException>(() => SessionMode.Parse(text)).Message;
        Assert.StartsWith($"'{text}' is not a mode of --sessions: ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_is_refused() =>
        Assert.Contains("--sessions names no mode", Assert.Throws<StarKvException>(() => SessionMode.ParseList(" ,")).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_without_a_mode_have_none()
    {
        Assert.Null(SessionMode.ModeOf("star-kv:protect=instruction"));
        Assert.Equal("star-kv:protect=instruction", SessionMode.MethodOf("star-kv:protect=instruction"));
    }
}
