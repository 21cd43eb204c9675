using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Tests.Runtime;

public sealed class ScriptUnitTests
{
    [Fact]
    public void Numbers_reach_a_call_whatever_the_garbage_collector_does_meanwhile() => TorchThread.Run(() =>
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using var x = full([1, 4], 2f);
            using var weight = ones([4]);
            for (var i = 0; i < 5000; i++)
            {
                // 2 / √(4 + 12) = ½.
                using var y = TorchOps.RmsNorm(x, weight, 12.0);
                Assert.Equal(0.5f, y[0, 0].item<float>(), 1e-6f);
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    });
}
