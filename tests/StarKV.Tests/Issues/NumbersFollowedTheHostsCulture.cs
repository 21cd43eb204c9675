using System.Globalization;

namespace StarKV.Tests.Issues;

/// <summary><c>ScreenPoint</c> was written as <c>(0,25,0,5)</c> in a German process, and numbers in messages with commas.</summary>
public sealed class NumbersFollowedTheHostsCulture
{
    [Fact]
    public void In_a_german_process_numbers_are_written_as_everywhere()
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib") && Directory.EnumerateFiles("/usr/lib", "libicuuc.so*", SearchOption.AllDirectories).Any(),
            "This machine has no ICU, so no process has another culture than the invariant one.");
        using var program = new HostProgram();
        var (code, lines) = program.Run("culture", ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8"));
        Assert.Equal(0, code);
        Assert.Equal("de-DE 0,5", lines[0]);
        Assert.Equal(Written(), lines[1..]);
    }

    [Fact]
    public void In_a_thread_of_another_culture_too()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureOfTests.Other();
            Assert.Equal("−0,5", (-0.5).ToString());
            Assert.Equal(Written(), CultureSamples.Lines());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string[] Written() =>
    [
        "(0.25,-0.5)", "12.5%", "screenshot 's' is 2×1 px; the limit is a side ratio of 1.5:1 (ImageLimits.MaxAspectRatio). Crop it.",
    ];
}
