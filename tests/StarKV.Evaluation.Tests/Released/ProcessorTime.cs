using System.Runtime.InteropServices;

namespace StarKV.Evaluation.Tests.Released;

/// <summary>The processor time of the calling thread: what other tests and programs do at once does not count.</summary>
internal static class ProcessorTime
{
    private const int ThreadClock = 3;

    /// <summary>The least of several runs.</summary>
    public static TimeSpan Least(int runs, Action work) => Enumerable.Range(0, runs).Min(_ => Of(work));

    /// <summary>What <paramref name="work"/> takes.</summary>
    public static TimeSpan Of(Action work)
    {
        var start = Now();
        work();
        return Now() - start;
    }

    private static TimeSpan Now()
    {
        Assert.Equal(0, ClockGetTime(ThreadClock, out var now));
        return TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromMicroseconds(now.Nanoseconds / 1000.0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
