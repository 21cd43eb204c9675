using Microsoft.Extensions.Time.Testing;
using StarKV.Decode;
using StarKV.Server.Responses;
using StarKV.Server.Sessions;
using StarKV.Server.Tests.Turns;
using StarKV.Server.Wire;

namespace StarKV.Server.Tests.Http;

/// <summary>A response that did not reach its client is found by an equal request, for two minutes.</summary>
public sealed class UndeliveredResponseTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ResponseStore _store;
    private readonly StoredResponse _parent;

    public UndeliveredResponseTests()
    {
        _store = new ResponseStore(new SessionLimits(), _time);
        _parent = Add(null, TurnComparisonTests.Says("task"));
    }

    private StoredResponse Add(StoredResponse? parent, params ConversationMessage[] own)
    {
        var message = new ResponseMessage("msg", "completed", [new OutputText("Action: wait()")]);
        var body = new ResponseBody(_store.NextId(""), 0, "mini") { Output = [message] };
        return _store.Add(new StoredResponse(body, "", parent, own, null, new KeptSession("s", "", new SessionSettings(null, null)))
        {
            Generation = new GenerationOptions(),
            At = _time.GetUtcNow(),
        });
    }

    private StoredResponse? Found(ConversationMessage own, int? tokens = null) =>
        _store.Undelivered(_parent, [own], null, tokens is { } most ? new GenerationOptions { MaxNewTokens = most } : new GenerationOptions());

    [Fact]
    public void It_is_found_until_it_is_delivered()
    {
        var given = Add(_parent, TurnComparisonTests.Shows(1));
        Assert.Same(given, Found(TurnComparisonTests.Shows(1)));
        given.IsDelivered = true;
        Assert.Null(Found(TurnComparisonTests.Shows(1)));
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(121, false)]
    public void It_is_found_in_time(int seconds, bool found)
    {
        Add(_parent, TurnComparisonTests.Shows(1));
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(found, Found(TurnComparisonTests.Shows(1)) is not null);
    }

    [Fact]
    public void Another_request_does_not_find_it()
    {
        Add(_parent, TurnComparisonTests.Shows(1));
        Assert.Null(Found(TurnComparisonTests.Shows(2)));
        Assert.Null(Found(TurnComparisonTests.Shows(1), 7));
    }

    [Fact]
    public void One_step_that_answers_two_requests_is_one_response()
    {
        var given = Add(_parent, TurnComparisonTests.Shows(1));
        var twice = new StoredResponse(given.Body, "", _parent, [], null, given.Session);
        Assert.Same(given, _store.Add(twice));
        Assert.Equal(1, _parent.Children);
    }
}
