using System.Runtime.CompilerServices;
using StarKV.Runtime;
using TorchSharp;

namespace StarKV.Tests;

/// <summary>
/// Numbers meet tensors while another thread collects garbage: each call may lose its number meanwhile (docs/decisions/0025-scalar-lifetime.md).
/// </summary>
internal static class Scalars
{
    /// <summary>Runs for a time.</summary>
    /// <param name="time">How long.</param>
    /// <param name="order">Empty; <c>quiet</c>: nothing is collected; <c>held</c>: the program's own numbers are scalars that it holds.</param>
    /// <param name="say">Receives the one line of the result.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(TimeSpan time, string order, Action<string> say)
    {
        var collect = order != "quiet";
        var info = LibTorch.Load();
        using var end = new CancellationTokenSource();
        var collector = new Thread(() => Collect(end.Token));
        if (collect)
            collector.Start();
        var (rounds, wrong) = Calculate(time, order == "held");
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

    private static (int Rounds, int Wrong) Calculate(TimeSpan time, bool held)
    {
        using var one = torch.ones(4);
        using var low = 0.5.ToScalar();
        using var high = 1.5.ToScalar();
        using var two = 2.0.ToScalar();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (rounds, wrong) = (0, 0);
        for (; clock.Elapsed < time; rounds++)
        {
            try
            {
                using var sum = one + one;
                using var clamped = held ? sum.clamp(low, high) : sum.clamp(0.5, 1.5);
                using var product = held ? clamped.mul(two) : clamped * 2.0;
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
