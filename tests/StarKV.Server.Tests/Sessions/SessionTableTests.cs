using Microsoft.Extensions.Time.Testing;
using StarKV.Server.Errors;
using StarKV.Server.Sessions;
using StarKV.Server.Tests.Turns;
using StarKV.Server.Turns;

namespace StarKV.Server.Tests.Sessions;

public sealed class SessionTableTests : IDisposable
{
    private static readonly SessionSettings s_settings = new(null, null);

    private readonly FakeTimeProvider _time = new();
    private readonly SessionTable _table;

    public SessionTableTests() => _table = new SessionTable(new SessionLimits { Sessions = 3, InputBytes = 20 * 3 * 32 * 32 }, _time);

    public void Dispose() => _table.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SessionQuery Query(string? name, params ConversationMessage[] turns) => new("", s_settings, turns) { Name = name };

    private async Task<(KeptSession Session, Outcome Outcome, string? By)> Step(SessionQuery query, string answer = "done")
    {
        using var claim = await _table.ClaimAsync(query, Stop);
        claim.Session.Take([.. claim.Comparison.Turns, TurnComparisonTests.Answers(answer)], claim.Comparison.Outcome);
        _time.Advance(TimeSpan.FromSeconds(1));
        return (claim.Session, claim.Comparison.Outcome, claim.By);
    }

    [Fact]
    public async Task A_second_request_waits_for_the_first_and_a_third_is_refused()
    {
        var first = await _table.ClaimAsync(Query("a", TurnComparisonTests.Shows(1)), Stop);
        var second = _table.ClaimAsync(Query("a", TurnComparisonTests.Shows(1)), Stop);
        Assert.False(second.IsCompleted);
        var e = await Assert.ThrowsAsync<ApiException>(() => _table.ClaimAsync(Query("a", TurnComparisonTests.Shows(1)), Stop));
        Assert.Equal((429, "session_busy"), (e.Status, e.Code));
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Whoever_waits_may_leave()
    {
        using var first = await _table.ClaimAsync(Query("a", TurnComparisonTests.Shows(1)), Stop);
        using var left = new CancellationTokenSource();
        var second = _table.ClaimAsync(Query("a", TurnComparisonTests.Shows(1)), left.Token);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(0, first.Session.Waiting);
    }

    [Fact]
    public async Task The_session_that_has_most_in_common_is_found()
    {
        var one = await Step(Query(null, TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(1)));
        var other = await Step(Query(null, TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(2)));
        Assert.NotSame(one.Session, other.Session);
        var next = await Step(Query(
            null, TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(1), TurnComparisonTests.Answers("done"), TurnComparisonTests.Shows(3)));
        Assert.Same(one.Session, next.Session);
        Assert.Equal((Outcome.Append, FoundBy.Prefix), (next.Outcome, next.By));
    }

    [Fact]
    public async Task A_few_words_in_common_are_too_little()
    {
        var one = await Step(Query(null, TurnComparisonTests.Says("task")));
        var next = await Step(Query(null, TurnComparisonTests.Says("task"), TurnComparisonTests.Answers("done"), TurnComparisonTests.Says("more")));
        Assert.NotSame(one.Session, next.Session);
    }

    [Fact]
    public async Task Other_keys_and_other_settings_share_nothing()
    {
        ConversationMessage[] turns = [TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(1)];
        var one = await Step(Query(null, turns));
        foreach (var query in new[] { Query(null, turns) with { Scope = "another" }, Query(null, turns) with { Settings = new("snapkv", null) } })
            Assert.NotSame(one.Session, (await Step(query)).Session);
    }

    [Fact]
    public async Task Another_method_begins_a_named_session_anew()
    {
        ConversationMessage[] turns = [TurnComparisonTests.Says("task"), TurnComparisonTests.Shows(1)];
        var one = await Step(Query("a", turns));
        var other = await Step(Query("a", turns) with { Settings = new("snapkv", null) });
        Assert.Same(one.Session, other.Session);
        Assert.Equal(Outcome.New, other.Outcome);
    }

    [Fact]
    public async Task The_session_used_longest_ago_makes_room()
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
            await Step(Query(name, TurnComparisonTests.Shows(1)));
        Assert.Equal(["d", "c", "b"], _table.Of("").Select(s => s.Name));
        Assert.Equal(1, _table.Evicted);
        await Step(Query("e", [.. Enumerable.Range(0, 19).Select(i => TurnComparisonTests.Shows((byte)i))]));
        Assert.Equal(["e", "d"], _table.Of("").Select(s => s.Name));
    }

    [Fact]
    public async Task Sessions_of_refused_requests_make_room_before_used_ones()
    {
        await Step(Query("used", TurnComparisonTests.Shows(1)));
        foreach (var refused in new byte[] { 2, 3, 4, 5 })
            (await _table.ClaimAsync(Query(null, TurnComparisonTests.Shows(refused)), Stop)).Dispose();
        await Step(Query("next", TurnComparisonTests.Shows(6)));

        Assert.Equal(["", "next", "used"], _table.Of("").Select(s => s.Name ?? "").Order());
    }

    [Fact]
    public async Task A_session_that_nobody_uses_is_forgotten()
    {
        await Step(Query("a", TurnComparisonTests.Shows(1)));
        _time.Advance(TimeSpan.FromMinutes(31));
        _table.SweepNow();
        Assert.Empty(_table.Of(""));
    }

    [Fact]
    public async Task A_session_that_was_removed_while_somebody_waited_begins_anew()
    {
        var first = await _table.ClaimAsync(Query("a", TurnComparisonTests.Shows(1)), Stop);
        var second = _table.ClaimAsync(Query("a", TurnComparisonTests.Shows(1)), Stop);
        Assert.True(_table.Remove("", "a"));
        Assert.False(_table.Remove("", "a"));
        first.Dispose();
        using var claim = await second;
        Assert.NotSame(first.Session, claim.Session);
        Assert.Equal(Outcome.New, claim.Comparison.Outcome);
    }
}
