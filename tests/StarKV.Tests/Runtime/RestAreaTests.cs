using CsCheck;
using StarKV.Runtime;

namespace StarKV.Tests.Runtime;

public sealed class RestAreaTests
{
    [Fact]
    public void A_block_is_freed_once_after_its_rest_and_before_another_long_one() =>
        Gen.Int[0, 400].Array[1, 60].Sample(pauses =>
        {
            var clock = new Hand();
            var added = new List<int>();
            var freed = new Dictionary<nint, int>();
            var rest = new RestArea(TimeSpan.FromMilliseconds(1000), clock, block => freed.Add(block, clock.Now));
            foreach (var pause in pauses)
            {
                clock.Now += pause;
                added.Add(clock.Now);
                rest.Add(added.Count);
            }

            for (var i = 0; i < added.Count; i++)
            {
                if (freed.TryGetValue(i + 1, out var when))
                    Assert.InRange(when - added[i], 1000, 2000 + 2 * 400);
                else
                    Assert.True(clock.Now - added[i] < 2000 + 2 * 400, $"block {i + 1} of {clock.Now - added[i]} ms ago is still held");
            }
        });

    /// <summary>A clock that a test sets, in milliseconds.</summary>
    private sealed class Hand : TimeProvider
    {
        public int Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}
