namespace StarKV.Evaluation.Reports;

/// <summary>One point of a curve.</summary>
/// <param name="X">Above 0: the axis is logarithmic.</param>
/// <param name="Y">0–1.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
public readonly record struct CurvePoint(double X, double Y, double Low, double High);

/// <summary>One method's curve.</summary>
/// <param name="Name">Written at its end.</param>
/// <param name="Points">From left to right.</param>
public sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points);
