using StarKV.Evaluation.Reports;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>A cache that answered none of a label's tasks has a curve without points, which ended the page in an internal error. Found by fuzzing.</summary>
public sealed class CurvesWithoutAPoint
{
    private static readonly CurvePoint s_point = new(0.2, 0.5, 0.4, 0.6);

    [Fact]
    public void Are_left_out_of_the_chart()
    {
        var chart = new CurveChart("title", "share", [(0.1, "10%"), (1, "100%")]);
        var svg = chart.Svg([new Curve("none", []), new Curve("some", [s_point])]);
        Assert.Contains(">some<", svg, StringComparison.Ordinal);
        Assert.DoesNotContain(">none<", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", chart.Svg([new Curve("none", [])]), StringComparison.Ordinal);
    }
}
