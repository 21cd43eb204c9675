using StarKV.Budget;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Reports.Inspect;
using StarKV.Score;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Reports.Inspect;

[Collection(MiniModelTests.Name)]
public sealed class InspectionPictureTests(MiniModel mini)
{
    private const int Gap = 10;

    [Fact]
    public void The_full_cache_comes_first_as_bright_as_the_screenshot_and_what_is_dropped_is_dark()
    {
        var sample = MiniSample.All[0];
        var screen = sample.Screens()[^1];
        Compression[] compressions = [new(new StreamingLlm(), KvBudget.Keep(0.05)), Compression.None];
        var inspection = mini.Agent.Inspect(sample.Screens(), sample.Instruction, new InspectionOptions { Compressions = compressions });
        var picture = Screenshot.Decode(InspectionPicture.Png(inspection));

        var (width, scale) = (Math.Min(420, screen.Width), Math.Min(1, 420.0 / screen.Width));
        Assert.Equal(2 * (width + Gap) + Gap, picture.Width);
        var height = (int)Math.Round(screen.Height * scale);
        // Heads and legend are lines of text.
        Assert.InRange(picture.Height, height + 60, height + 150);
        var (bright, left, right) = (Mean(screen, 0, screen.Width), Mean(picture, Gap, Gap + width), Mean(picture, 2 * Gap + width, picture.Width - Gap));
        // Text above and below, and the click's mark, take their part.
        Assert.InRange(left, 0.6 * bright, bright);
        Assert.True(right < left / 2, $"{right} beside {left}");
    }

    [Fact]
    public void Four_caches_take_two_rows()
    {
        var sample = MiniSample.All[0];
        Compression[] compressions = [Compression.None, .. new[] { 0.05, 0.1, 0.2 }.Select(keep => new Compression(new SnapKv(), KvBudget.Keep(keep)))];
        var three = mini.Agent.Inspect(sample.Screens(), sample.Instruction, new InspectionOptions { Compressions = compressions[..3] });
        var four = mini.Agent.Inspect(sample.Screens(), sample.Instruction, new InspectionOptions { Compressions = compressions });
        var (one, two) = (Screenshot.Decode(InspectionPicture.Png(three)), Screenshot.Decode(InspectionPicture.Png(four)));
        Assert.Equal(one.Width, two.Width);
        Assert.InRange((double)two.Height / one.Height, 1.5, 2);
    }

    private static double Mean(Screenshot picture, int left, int right)
    {
        var sum = 0.0;
        for (var y = 0; y < picture.Height; y++)
            for (var x = left; x < right; x++)
                sum += picture.Rgb[3 * (y * picture.Width + x) + 1];
        return sum / picture.Height / (right - left);
    }
}
