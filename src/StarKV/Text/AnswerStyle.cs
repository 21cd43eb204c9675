namespace StarKV.Text;

/// <summary>How the answer to a prompt is laid out.</summary>
/// <param name="Actions">The form of its actions.</param>
/// <param name="WordsFirst">Whether the prompt asks for words before the action: a thought, or what the action is to do.</param>
public readonly record struct AnswerStyle(ActionLanguage Actions, bool WordsFirst)
{
    /// <value>What the numbers count; null (default) for what those of the model's family do.</value>
    public CoordinateConvention? Coordinates { get; init; }

    /// <value>The tool whose calls the prompt asks for, such as <c>mobile_use</c>; null (default) when it names none.</value>
    public string? Tool { get; init; }
}
