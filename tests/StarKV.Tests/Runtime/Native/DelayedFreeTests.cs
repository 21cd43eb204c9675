using CsCheck;
using StarKV.Runtime.Native;

namespace StarKV.Tests.Runtime.Native;

public sealed class DelayedFreeTests
{
    private const int LongestPause = 400;
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1), s_longest = 2 * s_rest + TimeSpan.FromMilliseconds(2 * LongestPause);

    [Fact]
    public void A_block_is_freed_once_after_its_rest_and_before_another_long_one() =>
        Gen.Int[0, LongestPause].Array[1, 60].Sample(pauses =>
        {
            var clock = new SteppedTime();
            var added = new List<TimeSpan>();
            var freed = new Dictionary<nint, TimeSpan>();
            var rest = new DelayedFree(s_rest, clock, block => freed.Add(block, clock.Now));
            foreach (var pause in pauses)
            {
                clock.Now += TimeSpan.FromMilliseconds(pause);
                added.Add(clock.Now);
                rest.Add(added.Count);
            }

            for (var i = 0; i < added.Count; i++)
            {
                if (freed.TryGetValue(i + 1, out var when))
                    Assert.InRange(when - added[i], s_rest, s_longest);
                else
                    Assert.True(clock.Now - added[i] < s_longest, $"block {i + 1} of {clock.Now - added[i]} ago is still held");
            }
        });
}
