using StarKV.Bench;
using StarKV.Runtime;

namespace StarKV.Soak;

/// <summary>Answers in a row, each about a picture that was not seen before.</summary>
/// <remarks>Told are the live tensors after every answer, and how the resident memory grows in the second half.</remarks>
internal static class AnswersInARow
{
    private const int Tokens = 8;

    /// <summary>Bytes an answer that a growth must be shown to exceed to be wrong; a screen takes at least 90 times as many.</summary>
    private const double Tolerated = 2048;

    public static void Run(Findings findings, int answers, long screenCacheBytes)
    {
        using var agent = GuiAgent.Load(Question.Model, "cpu", screenCacheBytes: screenCacheBytes);
        var questions = Question.OfEveryMethod(Tokens);
        var live = new SortedSet<long>();
        var resident = new List<double>(answers);
        for (var i = 0; i < answers; i++)
        {
            questions[i % questions.Count].Variant(i).Ask(agent);
            live.Add(agent.LiveTensors);
            resident.Add(MemoryReading.Now().ProcessBytes);
        }

        var cache = screenCacheBytes == 0 ? "no screens remembered" : $"screens remembered up to {screenCacheBytes >> 20} MiB";
        findings.Row($"{cache}: live tensors after each answer", answers, string.Join(", ", live));
        findings.Check(live.Count == 1, $"{cache}: live tensors differ between answers: {string.Join(", ", live)}");
        var trend = Trend.Of(resident[(answers / 2)..]);
        findings.Row($"{cache}: growth of the resident memory in the second half, bytes an answer", answers - answers / 2, $"{trend}");
        var (middle, end) = (resident[answers / 2] / (1 << 20), resident[^1] / (1 << 20));
        findings.Row($"{cache}: resident memory in the middle and at the end, MiB", answers, $"{middle:0}, {end:0}");
        findings.Check(trend.Low <= Tolerated, $"{cache}: the resident memory grows by {trend} bytes an answer");
    }
}
