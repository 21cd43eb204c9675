using System.CommandLine;
using System.Diagnostics;
using StarKV.Input;

namespace StarKV.Cli.Commands.Bench;

/// <summary><c>starkv bench preprocess</c>: a screenshot file, decoded and resized as the model wants it.</summary>
internal static class PreprocessBench
{
    private const int WarmUp = 10;

    public static Command Create(Terminal terminal)
    {
        var image = new Option<string>("--image") { Description = "Screenshot file.", Required = true };
        var count = new Option<int>("--count") { Description = $"Timed runs after {WarmUp} to warm up.", DefaultValueFactory = _ => 60 };
        var command = new Command("preprocess", "Time decoding and resizing a screenshot.") { image, count };
        command.SetAction(parsed =>
        {
            var data = File.ReadAllBytes(parsed.GetValue(image)!);
            var (decode, resize, total) = (new List<double>(), new List<double>(), new List<double>());
            ModelImage? ready = null;
            for (var i = -WarmUp; i < parsed.GetValue(count); i++)
            {
                var watch = Stopwatch.StartNew();
                var screen = Screenshot.Decode(data);
                var decoded = watch.Elapsed.TotalMilliseconds;
                ready = screen.ForModel(SmartResize.Default);
                var both = watch.Elapsed.TotalMilliseconds;
                if (i < 0)
                    continue;
                decode.Add(decoded);
                resize.Add(both - decoded);
                total.Add(both);
            }

            terminal.WriteJson(new
            {
                Machine = Machine.Describe(),
                FileBytes = data.Length,
                From = $"{ready!.OriginalWidth}x{ready.OriginalHeight}",
                To = $"{ready.Width}x{ready.Height}",
                Milliseconds = new { Total = Spread.Of(total), Decode = Spread.Of(decode), Resize = Spread.Of(resize) },
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
