using System.Diagnostics;
using StarKV.MiniGui.Training.Data;

namespace StarKV.MiniGui.Training.Run;

/// <summary>Speed since the last line of the log; what is not training does not count.</summary>
internal sealed class Throughput(Stopwatch watch)
{
    private TimeSpan _start = watch.Elapsed, _waited;
    private long _tokens, _frames, _steps;

    public T Wait<T>(Func<T> work)
    {
        var from = watch.Elapsed;
        var result = work();
        _waited += watch.Elapsed - from;
        return result;
    }

    public void Pause(Action work)
    {
        var from = watch.Elapsed;
        work();
        _start += watch.Elapsed - from;
    }

    public void Count(Batch batch)
    {
        _tokens += batch.Tokens;
        _frames += batch.Frames;
        _steps++;
    }

    public Speed Take()
    {
        var seconds = Math.Max(1e-9, (watch.Elapsed - _start).TotalSeconds);
        var speed = new Speed(
            Math.Round(seconds * 1000 / Math.Max(1, _steps), 1),
            Math.Round(_tokens / seconds),
            Math.Round(_frames / seconds, 1),
            Math.Round(_waited.TotalSeconds / seconds, 4));
        (_start, _waited, _tokens, _frames, _steps) = (watch.Elapsed, TimeSpan.Zero, 0, 0, 0);
        return speed;
    }
}

/// <summary>
/// Milliseconds per step, padded text tokens and screenshots per second, and the share of time in which no batch was ready.
/// </summary>
internal readonly record struct Speed(double MillisecondsAStep, double TokensPerSecond, double ScreenshotsPerSecond, double WaitShare);
