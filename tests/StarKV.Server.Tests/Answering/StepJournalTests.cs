using StarKV.Decode;
using StarKV.Input;
using StarKV.Server.Answering;
using StarKV.Server.Errors;
using StarKV.Server.Sessions;
using StarKV.Text;

namespace StarKV.Server.Tests.Answering;

/// <summary>What is remembered for the page, and what is not.</summary>
public sealed class StepJournalTests
{
    private static readonly SessionSettings s_settings = new(null, null);

    private readonly KeptSession _session = new("sess_1", "", s_settings);

    private static StepRequest Asked(string words) => new(
        new SessionQuery(
            "", s_settings,
            [
                new ConversationMessage(
                    ChatRole.User,
                    [ConversationPart.Of(words), ConversationPart.Of(Screenshot.FromRgb(new byte[12], 2, 2))]),
            ]),
        new GenerationOptions());

    private void Fail(int most, string words = "press OK") => new StepJournal(most, TimeProvider.System).Failed(
        Asked(words), _session, ApiException.Invalid("invalid_request", "It cannot be."));

    [Fact]
    public void Nothing_is_remembered_where_the_page_is_off()
    {
        Fail(0);
        Assert.Empty(_session.Shown);
        Assert.Equal(0, _session.Requests);
    }

    [Fact]
    public void The_last_requests_are_remembered_and_keep_their_numbers()
    {
        for (var i = 0; i < 5; i++)
            Fail(3);
        Assert.Equal([3, 4, 5], _session.Shown.Select(s => s.Number));
        Assert.All(_session.Shown, s => Assert.Equal(("refused", "It cannot be.", "press OK"), (s.Outcome, s.Error, s.Words)));
        Assert.Equal(0, _session.InputBytes);
    }

    [Fact]
    public void Of_long_words_the_end_is_remembered()
    {
        Fail(1, new string('a', 5000) + "press OK");
        Assert.Equal(2001, _session.Shown[0].Words.Length);
        Assert.EndsWith("aapress OK", _session.Shown[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_go_with_their_session()
    {
        using var table = new SessionTable(new SessionLimits(), TimeProvider.System);
        KeptSession kept;
        using (var claim = await table.ClaimAsync(Asked("press OK").Query with { Name = "task" }, TestContext.Current.CancellationToken))
        {
            kept = claim.Session;
            new StepJournal(2, TimeProvider.System).Failed(Asked("press OK"), kept, new OperationCanceledException());
            Assert.Equal("left", kept.Shown[0].Outcome);
            Assert.True(table.Remove("", "task"));
        }

        Assert.Empty(kept.Shown);
    }
}
