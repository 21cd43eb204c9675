using StarKV.Budget;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Tests.Agent;
using StarKV.Tests.Issues;
using StarKV.Text;

namespace StarKV.Tests.Sessions;

/// <summary>Steps whose answers come piece by piece.</summary>
[Collection(MiniModelTests.Name)]
public sealed class SessionStreamTests(MiniModel mini)
{
    private static readonly MiniEpisode s_episode = new();

    private static SessionOptions Options(KvStorage storage = KvStorage.Lossless) => new()
    {
        Method = new StarKv(),
        Budget = KvBudget.Tokens(120),
        Storage = storage,
        Prompt = PromptStyle.Get("mini"),
        Generation = new() { MaxNewTokens = 24 },
    };

    public static TheoryData<KvStorage> Storages => [.. Enum.GetValues<KvStorage>()];

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task Pieces_together_are_the_answer_of_the_step(KvStorage storage)
    {
        using var session = s_episode.Open(mini.Agent, Options(storage));
        using var other = s_episode.Open(mini.Agent, Options(storage));
        Assert.Null(session.LastAnswer);
        for (var step = 0; step < 3; step++)
        {
            var pieces = new List<string>();
            await foreach (var piece in session.StreamAsync([s_episode.Screen(step)]))
                pieces.Add(piece);
            var expected = other.Step(s_episode.Screen(step));
            Assert.True(pieces.Count > 3);
            Assert.Equal(expected.Text, string.Concat(pieces));
            Assert.Equal(expected.Tokens, session.LastAnswer!.Tokens);
            Assert.Equal(expected.Kv.RowsPerLayer, session.LastAnswer.Kv.RowsPerLayer);
            Assert.Equal(expected.Session!.ToString(), session.LastAnswer.Session!.ToString());
            Assert.Same(expected, other.LastAnswer);
            Assert.Equal(
                (other.Kv.Tokens, other.Kv.DeviceBytes, other.Kv.HostBytes, step + 1),
                (session.Kv.Tokens, session.Kv.DeviceBytes, session.Kv.HostBytes, session.Steps));
        }
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task A_stream_that_is_left_leaves_the_session_as_it_was(KvStorage storage)
    {
        using var other = s_episode.Open(mini.Agent, Options(storage));
        other.Step(s_episode.Screen(0));
        var expected = other.Step(s_episode.Screen(1));
        using var session = s_episode.Open(mini.Agent, Options(storage));
        var first = session.Step(s_episode.Screen(0));
        var (kv, tensors) = (session.Kv, (mini.Agent.LiveTensors, mini.Agent.RememberedTensors));
        // After the first piece, and when all of the answer is there, but nobody has asked for the end.
        foreach (var enough in new[] { 1, expected.Text.Length })
        {
            var text = "";
            await foreach (var piece in session.StreamAsync([s_episode.Screen(1)]))
            {
                text += piece;
                if (text.Length >= enough)
                    break;
            }

            Assert.StartsWith(text, expected.Text, StringComparison.Ordinal);
            Assert.Same(first, session.LastAnswer);
            Assert.Equal(
                (kv.Tokens, kv.DeviceBytes, kv.HostBytes, 1, 1),
                (session.Kv.Tokens, session.Kv.DeviceBytes, session.Kv.HostBytes, session.Steps, session.Frames));
            Assert.Equal(tensors, (mini.Agent.LiveTensors, mini.Agent.RememberedTensors));
        }

        var answer = session.Step(s_episode.Screen(1));
        Assert.Equal(expected.Tokens, answer.Tokens);
        Assert.Equal(expected.Kv.RowsPerLayer, answer.Kv.RowsPerLayer);
        Assert.Equal(expected.Session!.ToString(), answer.Session!.ToString());
    }

    [Fact]
    public async Task So_does_one_that_is_cancelled_or_cannot_be()
    {
        using var session = s_episode.Open(mini.Agent, Options());
        using var fork = session.Fork();
        var expected = fork.Step(s_episode.Screen(0)).Tokens;
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in session.StreamAsync([s_episode.Screen(0)]).WithCancellation(stop.Token))
                await stop.CancelAsync();
        });
        Assert.Contains("no screenshot", (await Assert.ThrowsAsync<StarKvException>(() => Drain(session.StreamAsync([], "Go on.")))).Message, StringComparison.Ordinal);
        Assert.Contains("neither a screenshot nor words", (await Assert.ThrowsAsync<StarKvException>(() => Drain(session.StreamAsync([])))).Message, StringComparison.Ordinal);
        Assert.Equal((0, 0, null), (session.Steps, session.Kv.Tokens, session.LastAnswer));
        Assert.Equal(expected, session.Step(s_episode.Screen(0)).Tokens);
    }

    [Fact]
    public async Task A_waiting_stream_ends_at_once_while_another_is_answered()
    {
        using var session = s_episode.Open(mini.Agent, Options());
        using var stop = new CancellationTokenSource();
        await using var busy = new BusyAgent(mini.Agent);
        var pieces = session.StreamAsync([MiniModel.Tiny()], cancellation: stop.Token).GetAsyncEnumerator();
        var first = pieces.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await pieces.DisposeAsync();
        Assert.False(busy.Answer.IsCompleted);
    }

    [Fact]
    public async Task A_second_step_is_refused_until_the_stream_has_ended()
    {
        using var session = s_episode.Open(mini.Agent, Options());
        await foreach (var _ in session.StreamAsync([s_episode.Screen(0)]))
        {
            Assert.Contains("is under way", Assert.Throws<StarKvException>(() => session.Step(s_episode.Screen(1))).Message, StringComparison.Ordinal);
            Assert.Contains("is under way", Assert.Throws<StarKvException>(session.Rollback).Message, StringComparison.Ordinal);
            var second = await Assert.ThrowsAsync<StarKvException>(() => Drain(session.StreamAsync([s_episode.Screen(1)])));
            Assert.Contains("is under way", second.Message, StringComparison.Ordinal);
        }

        await Drain(session.StreamAsync([s_episode.Screen(1)]));
        Assert.Equal(2, session.Steps);
    }

    [Fact]
    public async Task A_streamed_step_is_taken_back_like_any_other()
    {
        using var session = s_episode.Open(mini.Agent, Options());
        session.Step(s_episode.Screen(0));
        await Drain(session.StreamAsync([s_episode.Screen(1)]));
        var streamed = session.LastAnswer!;
        session.Rollback();
        Assert.Equal((1, null, null), (session.Steps, session.LastAnswer, session.Kv.Attended));
        var again = session.Step(s_episode.Screen(1));
        Assert.Equal(streamed.Tokens, again.Tokens);
        Assert.Equal(streamed.Kv.RowsPerLayer, again.Kv.RowsPerLayer);
    }

    [Fact]
    public async Task A_disposed_session_streams_nothing_and_one_that_is_disposed_meanwhile_holds_nothing()
    {
        s_episode.Run(mini.Agent, Options(KvStorage.Store), 2);
        var remembered = mini.Agent.RememberedTensors;
        var session = s_episode.Open(mini.Agent, Options(KvStorage.Store));
        var late = session.StreamAsync([s_episode.Screen(0)]);
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.StreamAsync([s_episode.Screen(0)]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Drain(late));
        Assert.Throws<ArgumentNullException>(() => session.StreamAsync(null!));

        foreach (var isLeft in new[] { true, false })
        {
            var other = s_episode.Open(mini.Agent, Options(KvStorage.Store));
            other.Step(s_episode.Screen(0));
            var pieces = 0;
            await foreach (var _ in other.StreamAsync([s_episode.Screen(1)]))
            {
                other.Dispose();
                pieces++;
                if (isLeft)
                    break;
            }

            Assert.True(isLeft || pieces > 3);
            Assert.Equal(remembered, mini.Agent.RememberedTensors);
        }
    }

    private static async Task Drain(IAsyncEnumerable<string> pieces)
    {
        await foreach (var _ in pieces)
        {
            // Asks for the next one.
        }
    }
}
