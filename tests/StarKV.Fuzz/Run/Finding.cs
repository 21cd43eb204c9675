namespace StarKV.Fuzz.Run;

/// <summary>Something that must not happen, and the first input that made it happen.</summary>
/// <param name="Input">The input.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Shape">What tells it from other findings.</param>
/// <param name="Message">What was said.</param>
internal sealed record Finding(InputNumber Input, OutcomeKind Kind, string Shape, string Message);
