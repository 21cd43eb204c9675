using StarKV.Input;
using StarKV.Server.Turns;
using StarKV.Text;

namespace StarKV.Server.Tests.Turns;

public sealed class TurnComparisonTests
{
    internal static Screenshot Screen(byte shade) => Screenshot.FromRgb([.. Enumerable.Repeat(shade, 3 * 32 * 32)], 32, 32);

    internal static ConversationMessage Says(string text, ChatRole role = ChatRole.User) => new(role, [ConversationPart.Of(text)]);

    internal static ConversationMessage Shows(byte shade, string? text = null) => new(
        ChatRole.User, text is null ? [ConversationPart.Of(Screen(shade))] : [ConversationPart.Of(Screen(shade)), ConversationPart.Of(text)]);

    internal static ConversationMessage Answers(string text) => Says(text, ChatRole.Assistant);

    private static readonly ConversationMessage[] s_stored = [Says("task"), Shows(1), Answers("one"), Shows(2), Answers("two")];

    private static TurnComparison Compare(params ConversationMessage[] request) => TurnComparison.Of(s_stored, request);

    [Fact]
    public void Turns_that_follow_are_read_alone()
    {
        var found = Compare([.. s_stored, Shows(3)]);
        Assert.Equal((Outcome.Append, 5, 1), (found.Outcome, found.Kept, found.Read));
    }

    [Fact]
    public void A_turn_with_a_screenshot_may_be_gone()
    {
        var found = Compare(s_stored[0], s_stored[2], s_stored[3], s_stored[4], Shows(3));
        Assert.Equal((Outcome.Slide, 4, 1), (found.Outcome, found.Kept, found.Read));
        Assert.Equal([1], found.Dropped);
    }

    [Fact]
    public void A_screenshot_may_be_gone_from_a_turn_whose_words_stay()
    {
        var found = TurnComparison.Of([Shows(1, "look"), Answers("one"), Shows(2, "again"), Answers("two")], [Says("look"), Answers("one"), Shows(2, "again"), Answers("two"), Shows(3)]);
        Assert.Equal((Outcome.Slide, 4, 1), (found.Outcome, found.Kept, found.Read));
        Assert.Equal([0], found.FramesLeft);
        Assert.Empty(found.Dropped);
    }

    [Fact]
    public void Other_words_cut_the_rest_off()
    {
        var found = Compare(s_stored[0], s_stored[1], Answers("other"), s_stored[3]);
        Assert.Equal((Outcome.Cut, 2, 2), (found.Outcome, found.Kept, found.Read));
    }

    [Fact]
    public void Another_beginning_is_another_conversation() =>
        Assert.Equal((Outcome.New, 0, 1), (Compare(Says("other")).Outcome, Compare(Says("other")).Kept, Compare(Says("other")).Read));

    [Theory]
    [InlineData("Reflection: it failed.\nThought: on.\nAction: wait()", "Action: wait()", true)]
    [InlineData("Thought: on.\nAction: wait()", "Thought: on.\nAction: wait()\n", true)]
    [InlineData("Thought: on.\nAction: wait()", "Action: wait()", false)]
    public void An_answer_is_known_after_trimming_and_without_its_reflection(string wrote, string came, bool same) =>
        Assert.Equal(same, TurnText.AreSame(Answers(wrote), Answers(came)));

    [Fact]
    public void An_answer_that_came_back_trimmed_stays_as_the_model_wrote_it() =>
        Assert.Equal("two\n", TurnComparison.Of([Says("task"), Answers("two\n")], [Says("task"), Answers("two"), Says("go on")]).Turns[1].Parts[0].Text);
}
