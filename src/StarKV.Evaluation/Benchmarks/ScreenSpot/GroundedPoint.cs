using StarKV.Act;
using StarKV.Evaluation.Benchmarks.Reading;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Benchmarks.ScreenSpot;

/// <summary>The point of an answer to a grounding question, and whether it hits.</summary>
internal static class GroundedPoint
{
    /// <summary>Judges an answer; a point counts whatever the action is called.</summary>
    /// <param name="options">Profile and family.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="box">The target.</param>
    public static Judgement Judge(BenchmarkOptions options, GroundingAnswer answer, RelativeBox box)
    {
        if (Of(options, answer) is { } point)
            return new Judgement(box.Contains(point) ? Verdict.Right : Verdict.Wrong) { Measures = Measures(point) };
        return options.Profile is Profile.Strict && StrictActions.First(options.Family, answer) is not null
            ? Verdict.Wrong
            : Verdict.Unreadable;
    }

    // A model may write 1e999, which is a number to every released program, and none that a record can hold.
    private static Dictionary<string, double>? Measures(ScreenPoint point) => double.IsFinite(point.X) && double.IsFinite(point.Y)
        ? new() { ["x"] = Math.Round(point.X, 6), ["y"] = Math.Round(point.Y, 6) }
        : null;

    // A model that answers with a box is judged by its first corner, as in the released programs, or by its centre, as in its own.
    private static ScreenPoint? Of(BenchmarkOptions options, GroundingAnswer answer)
    {
        if (options.Profile is Profile.Strict)
        {
            var action = StrictActions.First(options.Family, answer);
            return options.Family.Grounding() is null ? action?.StartBox?.First : action?.Point;
        }

        if (options.Family is AnswerFamily.OpenCua)
            return OpenCuaGrounding.Points(
                answer.Text, answer.Coordinates.ModelWidth, answer.Coordinates.ModelHeight).Points is [var point, ..]
                ? point
                : null;
        return ReleasedParser.First(options.Profile, answer) is { ActionInputs: [{ Text: { } text }, ..] }
            && NumberList.Of(text) is [var x, var y, ..]
            ? new ScreenPoint(x, y)
            : null;
    }
}
