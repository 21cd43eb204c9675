using System.Globalization;
using Spectre.Console;
using StarKV.Hub;

namespace StarKV.Cli.Commands;

/// <summary>
/// Shows a pull on stderr: bars with bytes, rate and time left on a terminal, else a plain line for each file and every ten seconds.
/// </summary>
internal static class PullProgress
{
    public static async Task<HubPull> ShowAsync(Terminal terminal, string what, Func<IProgress<HubProgress>, Task<HubPull>> work)
    {
        if (!terminal.IsLive)
        {
            terminal.Note(what);
            return await work(new Lines(terminal.Note, TimeProvider.System)).ConfigureAwait(false);
        }

        return await terminal.Bars().HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => work(new Bars(context))).ConfigureAwait(false);
    }

    private sealed class Bars(ProgressContext context) : IProgress<HubProgress>
    {
        private readonly Dictionary<HubFile, ProgressTask> _tasks = [];

        public void Report(HubProgress value)
        {
            if (!_tasks.TryGetValue(value.File, out var task))
                _tasks[value.File] = task = context.AddTask("", maxValue: Math.Max(1, value.File.Size));
            task.Description = ConsoleMarkup.Escape(value.WaitsFor is { } whom ? $"{value.File.Path}: waiting for " +
                $"{whom}" : value.File.Path);
            task.Value = value.IsDone ? task.MaxValue : value.Bytes;
        }
    }

    /// <summary>Plain lines; the rate is that of the time since the last line.</summary>
    internal sealed class Lines(Action<string> note, TimeProvider time) : IProgress<HubProgress>
    {
        private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

        private readonly Dictionary<HubFile, long> _bytes = [];
        private long _since = time.GetTimestamp();
        private long _arrived;

        public void Report(HubProgress value)
        {
            if (value.WaitsFor is { } whom)
            {
                note($"{value.File.Path}: waiting for {whom}");
                return;
            }

            // What an earlier run left has not arrived now.
            _arrived += _bytes.TryGetValue(value.File, out var before) ? Math.Max(0, value.Bytes - before) : 0;
            _bytes[value.File] = value.Bytes;
            if (value.IsDone)
                note($"{value.File.Path}: {Format.Bytes(value.File.Size)}");
            var passed = time.GetElapsedTime(_since);
            if (passed < s_pause)
                return;
            var rate = _arrived / passed.TotalSeconds;
            var open = _bytes.Where(pair => pair.Value < pair.Key.Size).ToList();
            var left = open.Sum(pair => pair.Key.Size - pair.Value);
            if (rate > 0 && open.Count > 0)
                note(string.Create(CultureInfo.InvariantCulture, $"{open.Count} under way: {Format.Bytes((long)rate)}/s, " +
                    $"{Format.Bytes(left)} and about {left / rate:0} s left"));
            (_since, _arrived) = (time.GetTimestamp(), 0);
        }
    }
}
