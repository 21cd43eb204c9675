using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Evaluation.Runs;
using StarKV.MiniGui;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.Bench;

/// <summary><c>starkv-bench minigui</c>: samples of the synthetic world, made and drawn to RGB on one thread.</summary>
internal static class MiniGuiBench
{
    public static Command Create(Terminal terminal)
    {
        var count = new Option<int>("--count")
        {
            Description = "Timed samples of each kind, after as many to warm " +
            "up.",
            DefaultValueFactory = _ => 400,
            HelpName = "N"
        };
        var command = new Command("minigui", "Time making and drawing samples of the synthetic GUI world.") { count };
        command.SetAction(parsed =>
        {
            var n = parsed.GetValue(count);
            terminal.WriteJson(new
            {
                Machine = RunEnvironment.Now(),
                Threads = 1,
                MillisecondsAScreenshot = new
                {
                    Single448x448 = Time(n, (seed, _) => SampleGenerator.OneScreen(seed, Split.Train, new(448, 448))),
                    SingleTrainingSizes = Time(n, (seed, size) => SampleGenerator.OneScreen(seed, Split.Train, size)),
                    Single1120x784 = Time(n, (seed, _) => SampleGenerator.OneScreen(seed, Split.Train, new(1120, 784))),
                    HistoryFirst448x336 = Time(n, (seed, _) => SampleGenerator.History(seed, Split.Train, new(448, 336), Order.First)),
                    HistoryLastTrainingSizes = Time(n, (seed, size) => SampleGenerator.History(seed, Split.Train, size, Order.Last)),
                },
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static object Time(int count, Func<ulong, ScreenSize, Sample> make)
    {
        using var painter = new ScreenPainter();
        var rgb = new byte[1120 * 784 * 3];
        var (times, screens, sum) = (new List<double>(), 0, 0.0);
        var processor = TimeSpan.Zero;
        for (var i = -count; i < count; i++)
        {
            var watch = Stopwatch.StartNew();
            var sample = make((ulong)(i + count), ScreenSize.Training[(i + count) % ScreenSize.Training.Count]);
            foreach (var screen in sample.Frames)
                painter.Paint(screen, rgb);
            if (i < 0)
            {
                processor = Environment.CpuUsage.TotalTime;
                continue;
            }

            times.Add(watch.Elapsed.TotalMilliseconds / sample.Frames.Count);
            sum += watch.Elapsed.TotalMilliseconds;
            screens += sample.Frames.Count;
        }

        processor = Environment.CpuUsage.TotalTime - processor;
        return new
        {
            Mean = Math.Round(sum / screens, 3),
            MeanProcessor = Math.Round(
            processor.TotalMilliseconds / screens, 3),
            Samples = Spread.Of(times),
            Screenshots = screens
        };
    }
}
