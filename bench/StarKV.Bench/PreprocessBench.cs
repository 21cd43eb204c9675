using System.CommandLine;
using System.Diagnostics;
using SkiaSharp;
using StarKV.Cli;
using StarKV.Cli.Commands;
using StarKV.Evaluation.Runs;
using StarKV.Files;
using StarKV.Input;

namespace StarKV.Bench;

/// <summary><c>starkv-bench preprocess</c>: a screenshot file, decoded and resized as the model wants it.</summary>
internal static class PreprocessBench
{
    private const int WarmUp = 10, DefaultWidth = 1920, DefaultHeight = 1080;

    public static Command Create(Terminal terminal)
    {
        var image = new Option<string?>("--image")
        {
            Description = $"Screenshot file. Default: the shipped screenshot enlarged to " +
            $"{DefaultWidth}x{DefaultHeight}, as PNG.",
            HelpName = "FILE"
        };
        var count = new Option<int>("--count")
        {
            Description = $"Timed runs after {WarmUp} to warm " +
            $"up.",
            DefaultValueFactory = _ => 60,
            HelpName = "N"
        };
        var command = new Command("preprocess", "Time decoding and resizing a screenshot.") { image, count };
        command.SetAction(parsed =>
        {
            var data = parsed.GetValue(image) is { } file
                ? PlainFile.ReadAllBytes(file)
                : Enlarged(DemoTask.Load(ShippedModel.Find()).Screen);
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
                Machine = RunEnvironment.Now(),
                FileBytes = data.Length,
                From = $"{ready!.OriginalWidth}x{ready.OriginalHeight}",
                To = $"{ready.Width}x{ready.Height}",
                Milliseconds = new { Total = Spread.Of(total), Decode = Spread.Of(decode), Resize = Spread.Of(resize) },
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>A screenshot of the default size, encoded as PNG.</summary>
    private static byte[] Enlarged(Screenshot screen)
    {
        var rgb = BicubicResampler.Resize(screen.Rgb, screen.Width, screen.Height, DefaultWidth, DefaultHeight);
        using var bitmap = new SKBitmap(DefaultWidth, DefaultHeight, SKColorType.Rgb888x, SKAlphaType.Opaque);
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < DefaultWidth * DefaultHeight; i++)
            rgb.AsSpan(3 * i, 3).CopyTo(pixels[(4 * i)..]);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
