namespace StarKV.Soak;

/// <summary>Every method is asked again and again: one text and one byte count each.</summary>
internal static class RepeatedAnswers
{
    private const int Tokens = 32;

    public static void Run(Findings findings, int repeats)
    {
        using var agent = GuiAgent.Load(Question.Model, "cpu", screenCacheBytes: 0);
        foreach (var question in Question.OfEveryMethod(Tokens))
        {
            var distinct = Enumerable.Range(0, repeats).Select(_ => question.Ask(agent)).Distinct().Count();
            findings.Row($"{question.Options.Method.Name}, distinct answers with their byte counts", repeats, $"{distinct}");
            findings.Check(distinct == 1, $"{question.Options.Method.Name} gave {distinct} distinct answers");
        }
    }
}
