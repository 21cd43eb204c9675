using System.Runtime.CompilerServices;
using StarKV.Runtime;
using TorchSharp;

namespace StarKV.Tests;

/// <summary>Numbers meet tensors while another thread collects garbage: each call may lose its number meanwhile (docs/decisions/0025-scalar-lifetime.md).</summary>
internal static class Scalars
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(TimeSpan time, bool collect, Action<string> say)
    {
        var info = LibTorch.Load();
        using var end = new CancellationTokenSource();
        var collector = new Thread(() => Collect(end.Token));
        if (collect)
            collector.Start();
        var (rounds, wrong) = Calculate(time);
        end.Cancel();
        if (collect)
            collector.Join();
        say(FormattableString.Invariant($"kept {info.ScalarsKept}, {rounds} rounds, {GC.CollectionCount(0)} collections, {wrong} wrong"));
        return 0;
    }

    private static void Collect(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
            GC.Collect(0);
    }

    private static (int Rounds, int Wrong) Calculate(TimeSpan time)
    {
        using var one = torch.ones(4);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (rounds, wrong) = (0, 0);
        for (; clock.Elapsed < time; rounds++)
        {
            try
            {
                using var sum = one + one;
                using var clamped = sum.clamp(0.5, 1.5);
                using var product = clamped * 2.0;
                if (product.data<float>()[3] != 3f)
                    wrong++;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                wrong++;
            }
        }

        return (rounds, wrong);
    }
}
