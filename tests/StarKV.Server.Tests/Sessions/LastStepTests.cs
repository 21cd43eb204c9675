using StarKV.Decode;
using StarKV.Server.Sessions;
using StarKV.Server.Tests.Turns;

namespace StarKV.Server.Tests.Sessions;

public sealed class LastStepTests
{
    private static readonly DateTimeOffset s_end = DateTimeOffset.UnixEpoch;
    private static readonly ConversationMessage[] s_turns = [TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(1)];

    private static LastStep Step(bool delivered) => new(s_turns, new GenerationOptions { StopStrings = ["."] }, null!, s_end)
    {
        IsDelivered = delivered,
    };

    private static bool Answers(LastStep step, int came, string stop = ".", params ConversationMessage[] turns) => step.Answers(
        turns.Length == 0 ? [TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(1)] : turns,
        new GenerationOptions { StopStrings = [stop] }, s_end.AddSeconds(came), s_end.AddSeconds(came));

    [Theory]
    [InlineData(false, 0, true)]
    [InlineData(false, 120, true)]
    [InlineData(false, 121, false)]
    [InlineData(true, 1, false)]
    [InlineData(true, -1, true)]
    public void It_is_sent_again_in_time_to_whoever_did_not_get_it(bool delivered, int came, bool again) =>
        Assert.Equal(again, Answers(Step(delivered), came));

    [Fact]
    public void Another_request_has_another_answer()
    {
        Assert.False(Answers(Step(false), 1, ","));
        Assert.False(Answers(Step(false), 1, ".", TurnComparisonTests.Says("task")));
        Assert.False(Answers(Step(false), 1, ".", TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(2)));
    }
}
