namespace StarKV.Soak;

/// <summary>Two agents of one process answer at once what one alone answered before.</summary>
internal static class TwoAgents
{
    private const int Tokens = 16;

    public static void Run(Findings findings, int answers)
    {
        var questions = Question.OfEveryMethod(Tokens);
        using var first = GuiAgent.Load(Question.Model, "cpu");
        var expected = questions.Select(q => q.Ask(first)).ToList();
        using var second = GuiAgent.Load(Question.Model, "cpu");
        var different = 0;
        Parallel.ForEach([first, second], agent =>
        {
            for (var i = 0; i < (answers + 1) / 2; i++)
                if (questions[i % questions.Count].Ask(agent) != expected[i % questions.Count])
                    Interlocked.Increment(ref different);
        });
        findings.Row("two agents at once, answers compared with one agent's", (answers + 1) / 2 * 2, $"{different} differ");
        findings.Check(different == 0, $"{different} answers of two agents at once differ");
    }
}
