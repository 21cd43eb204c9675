using StarKV.Act;
using StarKV.Decode;

namespace StarKV.Tests.Act;

public sealed class PointParserTests
{
    private static readonly CoordinateMapper s_screen = CoordinateMapper.ForThousandths(1000, 500);

    private static ParsedAnswer Read(string answer, FinishReason? finish = null) => PointParser.Parse(answer, s_screen, finish);

    [Theory]
    [InlineData("[500,250]", "point (0.5,0.25)", "")]
    [InlineData("[ 500.5 , 250 ]\n", "point (0.5005,0.25)", "")]
    [InlineData("[100,100],[300,200]", "point (0.2,0.15)", "box")]
    [InlineData("[100, 100, 300, 200]", "point (0.2,0.15)", "box")]
    [InlineData("It is at [500,250].", "point (0.5,0.25)", "leading-text prose-after")]
    [InlineData("[-1, -1]", "infeasible", "")]
    [InlineData("<think>[1,1]?</think>[500,250]", "point (0.5,0.25)", "")]
    [InlineData("[1001,0]", "point (1.001,0)", "outside-screen")]
    [InlineData("```json\n{\"point_2d\": [500, 250]}\n```", "point (0.5,0.25)", "")]
    [InlineData("[{\"bbox_2d\": [100, 100, 300, 200], \"label\": \"a\"}, {\"point_2d\": [1, 1]}]", "point \"a\" (0.2,0.15)", "several-points")]
    [InlineData("Here [it] is: [{\"point_2d\": [500, 250]}]", "point (0.5,0.25)", "")]
    public void Places_are_read(string answer, string shown, string codes)
    {
        var parsed = Read(answer);
        Assert.Equal(shown, parsed.First?.ToString());
        Assert.Equal(codes, string.Join(' ', parsed.Diagnostics.Select(d => d.Code)));
    }

    [Theory]
    [InlineData("", DiagnosticCodes.NoAction)]
    [InlineData("500, 250", DiagnosticCodes.NoAction)]
    [InlineData("[500]", DiagnosticCodes.NoAction)]
    [InlineData("[1,2,3]", DiagnosticCodes.NoAction)]
    [InlineData("[742, 11", DiagnosticCodes.CutOff)]
    [InlineData("[{\"point_2d\": [1]}]", DiagnosticCodes.BadCoordinates)]
    [InlineData("[{\"point_2d\": [742, 11", DiagnosticCodes.CutOff)]
    public void What_is_no_place_is_never_guessed(string answer, string code)
    {
        var parsed = Read(answer, FinishReason.Length);
        Assert.Empty(parsed.Actions);
        Assert.Equal(code, parsed.Reason);
    }

    [Fact]
    public void Numbers_without_end_are_no_place() =>
        Assert.Equal(DiagnosticCodes.BadCoordinates, Read($"[{new string('9', 399)},1]").Reason);
}
