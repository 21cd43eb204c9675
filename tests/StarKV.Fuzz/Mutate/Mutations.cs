namespace StarKV.Fuzz.Mutate;

/// <summary>The changes that suit a form of input; one that stands twice comes up twice as often.</summary>
internal static class Mutations
{
    private static readonly IMutation s_bytes = new Bytes(), s_lengths = new LengthFields(), s_lines = new Lines(), s_json = new Json(), s_calls = new AnswerCalls();

    /// <summary>Binary files.</summary>
    public static IReadOnlyList<IMutation> OfBinary(params IReadOnlyList<string> words) => [s_bytes, s_bytes, s_lengths, s_lengths, .. WordsOf(words)];

    /// <summary>One JSON value.</summary>
    public static IReadOnlyList<IMutation> OfJson(params IReadOnlyList<string> words) => [s_json, s_json, s_json, s_json, s_bytes, .. WordsOf(words)];

    /// <summary>A JSON value a line.</summary>
    public static IReadOnlyList<IMutation> OfJsonLines(params IReadOnlyList<string> words) => [s_json, s_json, s_json, s_json, s_lines, s_bytes, .. WordsOf(words)];

    /// <summary>Answers of models.</summary>
    public static IReadOnlyList<IMutation> OfAnswers(params IReadOnlyList<string> words) => [s_calls, s_calls, s_calls, s_bytes, s_lines, .. WordsOf(words), .. WordsOf(words)];

    /// <summary>Other texts.</summary>
    public static IReadOnlyList<IMutation> OfText(params IReadOnlyList<string> words) => [s_bytes, s_lines, .. WordsOf(words), .. WordsOf(words)];

    private static IReadOnlyList<IMutation> WordsOf(IReadOnlyList<string> words) => words.Count > 0 ? [new Words(words)] : [];
}
