using StarKV.Budget;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Tests.Sessions;
using StarKV.Text;

namespace StarKV.Tests.Agent;

[Collection(MiniModelTests.Name)]
public sealed class ConversationSessionTests(MiniModel mini)
{
    private const string Task = "Close the message, then click the info icon.";

    private readonly MiniEpisode _episode = new();

    private static SessionOptions Options(KvStorage storage = KvStorage.Lossless, string method = "star-kv", double keep = 0.5) => new()
    {
        Method = Methods.Create(method),
        Budget = KvBudget.Keep(keep),
        Storage = storage,
        Generation = new() { MaxNewTokens = 24 },
    };

    private static ConversationMessage Says(ChatRole role, string text) => new(role, [ConversationPart.Of(text)]);

    private ConversationMessage Shows(int step) => new(ChatRole.User, [ConversationPart.Of(_episode.Screen(step))]);

    private static int Cells(GroundingAnswer answer) => answer.Grids[0].Tokens;

    /// <summary>The task, then a screenshot and an answer a step.</summary>
    private List<ConversationMessage> Opening() => [Says(ChatRole.User, Task), Shows(0)];

    public static TheoryData<KvStorage> Storages => [.. Enum.GetValues<KvStorage>()];

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task A_message_more_reads_what_is_new_alone(KvStorage storage)
    {
        using var session = mini.Agent.OpenConversation(Options(storage));
        var messages = Opening();
        var first = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        messages.AddRange([Says(ChatRole.Assistant, first.Text), Shows(1)]);
        var second = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.Equal((1, 2), (first.Session!.Step, second.Session!.Step));
        Assert.Equal(first.Session.Tokens, first.Session.TokensRead);
        // The screenshot, the markers, and at most the answer and the window before it.
        Assert.InRange(second.Session.TokensRead, 1, second.Session.Tokens / 2 + 40);
        Assert.False(second.Session.ReadAgain);
        Assert.Equal(2, session.Steps);
    }

    [Fact]
    public async Task A_lossless_step_answers_what_reading_everything_at_once_does()
    {
        using var session = mini.Agent.OpenConversation(Options(method: "full"));
        var messages = Opening();
        for (var step = 1; step <= 3; step++)
        {
            using var fresh = mini.Agent.OpenConversation(Options(method: "full"));
            var answer = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
            var again = await fresh.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
            Assert.Equal(again.Tokens, answer.Tokens);
            messages.AddRange([Says(ChatRole.Assistant, answer.Text), Shows(step)]);
        }
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task Screenshots_that_left_cost_nothing_but_what_is_new(KvStorage storage)
    {
        using var session = mini.Agent.OpenConversation(Options(storage));
        var messages = Opening();
        for (var step = 1; step < 3; step++)
            messages.AddRange([Says(ChatRole.Assistant, "Action: wait()"), Shows(step)]);
        await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        messages.RemoveAt(1);
        messages.AddRange([Says(ChatRole.Assistant, "Action: wait()"), Shows(0)]);
        var slid = await session.AnswerAsync(
            new ConversationStep(messages) { FramesLeft = [0] }, TestContext.Current.CancellationToken);
        Assert.Equal(1, slid.Session!.FramesDropped);
        Assert.False(slid.Session.ReadAgain);
        Assert.Equal(3, slid.Grids.Count);
        Assert.InRange(slid.Session.TokensRead, 1, slid.Session.Tokens / 2 + 40);
    }

    [Fact]
    public async Task A_screenshot_that_leaves_a_message_with_words_leaves_them()
    {
        using var session = mini.Agent.OpenConversation(Options(KvStorage.Evict, "full"));
        List<ConversationMessage> messages =
        [
            new(ChatRole.User, [ConversationPart.Of("Look: "), ConversationPart.Of(_episode.Screen(0))]),
            Says(ChatRole.Assistant, "Action: wait()"), Shows(1),
        ];
        var before = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        List<ConversationMessage> later = [Says(ChatRole.User, "Look: "), .. messages.Skip(1), Says(ChatRole.Assistant, before.Text), Shows(2)];
        var slid = await session.AnswerAsync(new ConversationStep(later) { FramesLeft = [0] }, TestContext.Current.CancellationToken);
        Assert.InRange(slid.Session!.TokensRead, Cells(before), Cells(before) + 40);
    }

    [Fact]
    public async Task A_message_that_leaves_whole_takes_its_words_with_it()
    {
        using var session = mini.Agent.OpenConversation(Options(KvStorage.Evict, "full"));
        List<ConversationMessage> messages =
        [
            Says(ChatRole.User, Task), new(ChatRole.User, [ConversationPart.Of("Look: "), ConversationPart.Of(_episode.Screen(0))]),
            Says(ChatRole.Assistant, "Action: wait()"), Shows(1),
        ];
        var before = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        messages.RemoveAt(1);
        messages.AddRange([Says(ChatRole.Assistant, before.Text), Shows(2)]);
        var slid = await session.AnswerAsync(new ConversationStep(messages) { MessagesLeft = [1] }, TestContext.Current.CancellationToken);
        Assert.Equal(1, slid.Session!.FramesDropped);
        Assert.InRange(slid.Session.TokensRead, Cells(before), Cells(before) + 40);
    }

    [Fact]
    public async Task What_changes_in_the_middle_is_read_again_from_there()
    {
        using var session = mini.Agent.OpenConversation(Options());
        using var fresh = mini.Agent.OpenConversation(Options());
        List<ConversationMessage> messages = [.. Opening(), Says(ChatRole.Assistant, "Action: wait()"), Shows(1)];
        await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        messages[2] = Says(ChatRole.Assistant, "Action: finished()");
        var changed = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        var whole = await fresh.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.Equal(whole.Tokens, changed.Tokens);
        Assert.True(changed.Session!.TokensRead < changed.Session.Tokens);
    }

    public static TheoryData<string> EveryMethod => [.. Methods.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public async Task Words_alone_are_answered_and_screenshots_may_follow(string method)
    {
        using var session = mini.Agent.OpenConversation(Options(method: method));
        List<ConversationMessage> messages = [Says(ChatRole.User, Task + string.Concat(Enumerable.Repeat(" Do it step by step.", 10)))];
        var words = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.Empty(words.Grids);
        messages.AddRange([Says(ChatRole.Assistant, words.Text), Shows(0)]);
        var shown = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.Single(shown.Grids);
        Assert.True(shown.Session!.TokensRead < shown.Session.Tokens);
    }

    [Fact]
    public async Task A_fork_goes_on_from_the_same_rows()
    {
        using var session = mini.Agent.OpenConversation(Options());
        var messages = Opening();
        var first = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        using var fork = session.Fork();
        messages.AddRange([Says(ChatRole.Assistant, first.Text), Shows(1)]);
        var here = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        var there = await fork.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.Equal(here.Tokens, there.Tokens);
        Assert.Equal(here.Session!.TokensRead, there.Session!.TokensRead);
    }

    [Fact]
    public async Task Positions_begin_anew_when_those_of_what_left_are_wanted()
    {
        using var session = mini.Agent.OpenConversation(Options());
        List<ConversationMessage> messages = [.. Opening(), Says(ChatRole.User, string.Concat(Enumerable.Repeat("so it is ", 700)))];
        var first = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        messages[^1] = Says(ChatRole.Assistant, first.Text);
        messages.Add(Says(ChatRole.User, "Go on"));
        StepReport? read = null;
        var step = new ConversationStep(messages)
        {
            MessagesLeft = [messages.Count - 2],
            // They fit after this conversation, and not after the one that it was.
            Generation = new() { MaxNewTokens = mini.Agent.Config.Text.MaxPositions - (int)session.Kv.NextPosition, StopStrings = ["("] },
            OnRead = report => read = report,
            OnText = _ => Assert.NotNull(read),
        };
        var second = await session.AnswerAsync(step, TestContext.Current.CancellationToken);
        Assert.True(second.Session!.Rebased && second.Session.ReadAgain);
        Assert.Equal(second.Session.Tokens, second.Session.TokensRead);
        Assert.Equal((true, second.Session.TokensRead), (read!.Rebased, read.TokensRead));
        Assert.InRange(session.Kv.NextPosition, 1, first.Session!.Tokens / 2);
    }

    [Fact]
    public async Task A_step_that_is_cancelled_leaves_the_session_as_it_was()
    {
        using var session = mini.Agent.OpenConversation(Options());
        var messages = Opening();
        var first = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        messages.AddRange([Says(ChatRole.Assistant, first.Text), Shows(1)]);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => session.AnswerAsync(new ConversationStep(messages) { OnText = _ => stop.Cancel() }, stop.Token));
        Assert.Equal(1, session.Steps);
        var second = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.False(second.Session!.ReadAgain);
        Assert.True(second.Session.TokensRead < second.Session.Tokens);
    }

    public static MatrixTheoryData<string, KvStorage> EveryWay => new(Methods.All.Select(m => m.Name), Enum.GetValues<KvStorage>());

    [Theory]
    [MemberData(nameof(EveryWay))]
    public async Task An_equal_step_after_one_whose_asker_left_reads_nothing_and_answers_as_if_there_had_been_none(
        string method, KvStorage storage)
    {
        using var session = mini.Agent.OpenConversation(Options(storage, method));
        using var undisturbed = mini.Agent.OpenConversation(Options(storage, method));
        List<ConversationMessage> messages = [.. Opening(), Says(ChatRole.Assistant, "Action: wait()"), Shows(1)];
        IReadOnlyList<int> left = [];
        for (var step = 2; step < 4; step++)
        {
            var asked = new ConversationStep(messages) { FramesLeft = left };
            await Leave(session, asked);
            var answer = await session.AnswerAsync(asked, TestContext.Current.CancellationToken);
            var expected = await undisturbed.AnswerAsync(asked, TestContext.Current.CancellationToken);
            Assert.Equal(expected.Tokens, answer.Tokens);
            Assert.Equal(expected.Kv.Bytes, answer.Kv.Bytes);
            Assert.Equal((0, step - 1), (answer.Session!.TokensRead, session.Steps));
            messages = [.. messages.Where((_, i) => i != 1), Says(ChatRole.Assistant, answer.Text), Shows(step)];
            left = [0];
        }
    }

    private static async Task Leave(ConversationSession session, ConversationStep asked)
    {
        using var stop = new CancellationTokenSource();
        var step = asked with { HoldsWhatWasRead = true, OnText = _ => stop.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.AnswerAsync(step, stop.Token));
    }

    [Fact]
    public async Task Another_step_after_one_whose_asker_left_is_read_from_the_last_finished_one()
    {
        using var session = mini.Agent.OpenConversation(Options());
        using var undisturbed = mini.Agent.OpenConversation(Options());
        var opening = new ConversationStep(Opening());
        var first = await session.AnswerAsync(opening, TestContext.Current.CancellationToken);
        await undisturbed.AnswerAsync(opening, TestContext.Current.CancellationToken);
        List<ConversationMessage> messages = [.. opening.Messages, Says(ChatRole.Assistant, first.Text), Shows(1)];
        await Leave(session, new ConversationStep(messages));
        messages[^1] = Shows(2);
        var answer = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        var expected = await undisturbed.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.Equal(expected.Tokens, answer.Tokens);
        Assert.Equal(expected.Session!.TokensRead, answer.Session!.TokensRead);
    }

    [Fact]
    public async Task What_is_held_for_an_equal_step_is_freed_when_it_is_not_wanted()
    {
        using var session = mini.Agent.OpenConversation(Options());
        var messages = Opening();
        var first = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        messages.AddRange([Says(ChatRole.Assistant, first.Text), Shows(1)]);
        // The screenshot is remembered from here on.
        await Leave(session, new ConversationStep(messages));
        session.DropHeld();
        var (held, live) = (mini.Agent.RememberedTensors, mini.Agent.LiveTensors);
        await Leave(session, new ConversationStep(messages));
        Assert.True(mini.Agent.RememberedTensors > held);
        session.DropHeld();
        Assert.Equal((held, live), (mini.Agent.RememberedTensors, mini.Agent.LiveTensors));
        var second = await session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken);
        Assert.InRange(second.Session!.TokensRead, Cells(second), second.Session.Tokens - 1);
    }

    [Fact]
    public async Task A_conversation_that_is_too_long_is_refused_by_its_own_error()
    {
        using var session = mini.Agent.OpenConversation(Options());
        List<ConversationMessage> messages = [Says(ChatRole.User, string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i} "))), Shows(0)];
        var e = await Assert.ThrowsAsync<StarKvPromptTooLongException>(
            () => session.AnswerAsync(new ConversationStep(messages), TestContext.Current.CancellationToken));
        Assert.Contains($"the model has {mini.Agent.Config.Text.MaxPositions}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_screenshot_that_is_not_there_cannot_have_left(int frame)
    {
        using var session = mini.Agent.OpenConversation(Options());
        await session.AnswerAsync(new ConversationStep(Opening()), TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<StarKvException>(() => session.AnswerAsync(
            new ConversationStep(Opening()) { FramesLeft = [frame] }, TestContext.Current.CancellationToken));
        Assert.Contains("the last step had 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_length_of_an_answer_is_cut_to_the_positions_that_are_left()
    {
        using var session = mini.Agent.OpenConversation(Options());
        var answer = await session.AnswerAsync(
            new ConversationStep(Opening()) { Generation = new() { MaxNewTokens = 32768 } }, TestContext.Current.CancellationToken);
        Assert.NotEmpty(answer.Tokens);
    }
}
