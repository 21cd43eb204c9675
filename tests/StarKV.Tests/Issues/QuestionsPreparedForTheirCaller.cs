using System.Collections;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary><c>GroundAsync</c> resized and tokenised on its caller's thread, and threw there.</summary>
[Collection(MiniModelTests.Name)]
public sealed class QuestionsPreparedForTheirCaller(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 2 } };

    [Fact]
    public async Task The_task_is_there_before_the_prompt_is_made()
    {
        using var returned = new ManualResetEventSlim();
        var watched = new WaitingList(returned);
        var answer = mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short with { PastActions = watched });
        returned.Set();
        await answer;
        Assert.True(watched.Looked);
        Assert.True(watched.WaitedForTheCaller);
    }

    [Fact]
    public async Task Values_that_cannot_be_are_the_task_s_error()
    {
        await Refused("no screenshot", mini.Agent.GroundAsync([], "Click", s_short));
        await Refused("instruction is empty", mini.Agent.GroundAsync([MiniModel.Tiny()], " ", s_short));
        await Refused("max-new-tokens", mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", new GroundingOptions { Generation = new GenerationOptions { MaxNewTokens = 0 } }));
        await Refused("200", mini.Agent.GroundAsync([Screenshot.FromRgb(new byte[3 * 300], 300, 1)], "Click", s_short));

        static async Task Refused(string said, Task<GroundingAnswer> answer) =>
            Assert.Contains(said, (await Assert.ThrowsAsync<StarKvException>(() => answer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_caller_does_to_its_list_afterwards_does_not_matter()
    {
        var expected = mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens;
        List<Screenshot> screens = [MiniModel.Tiny()];
        var answer = mini.Agent.GroundAsync(screens, "Click", s_short);
        screens.Clear();
        Assert.Equal(expected, (await answer).Tokens);
    }

    /// <summary>No earlier answers; whoever looks waits until the caller has gone on.</summary>
    private sealed class WaitingList(ManualResetEventSlim returned) : IReadOnlyList<string>
    {
        public bool Looked { get; private set; }

        public bool WaitedForTheCaller { get; private set; }

        public int Count
        {
            get
            {
                Look();
                return 0;
            }
        }

        public string this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<string> GetEnumerator()
        {
            Look();
            return Enumerable.Empty<string>().GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Look()
        {
            if (Looked)
                return;
            Looked = true;
            WaitedForTheCaller = returned.Wait(TimeSpan.FromSeconds(10));
        }
    }
}
