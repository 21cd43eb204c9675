namespace StarKV.Text;

/// <summary>How the answer to a prompt is laid out.</summary>
/// <param name="Actions">The form of its actions.</param>
/// <param name="WordsFirst">Whether the prompt asks for words before the action: a thought, or what the action is to do.</param>
public readonly record struct AnswerStyle(ActionLanguage Actions, bool WordsFirst);
