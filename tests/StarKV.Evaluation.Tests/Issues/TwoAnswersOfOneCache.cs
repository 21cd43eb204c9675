using System.Text.Json;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Reliability, found by fuzzing: a line of results with two answers of one cache was read as it stood, and the report of the run ended in an internal error.</summary>
public sealed class TwoAnswersOfOneCache
{
    [Fact]
    public void The_later_one_counts_in_a_line_as_between_lines()
    {
        var record = FakeRun.Answer(FakeRun.Tasks[0]);
        var later = record.Answers[2] with { Verdict = Verdict.Unreadable };
        var line = JsonSerializer.SerializeToUtf8Bytes(record with { Answers = [.. record.Answers, later] }, RunJson.Line);
        var answers = RunRecords.Sample(line, "line 1 is not a result").Answers;
        Assert.Equal(record.Answers.Count, answers.Count);
        Assert.Equal(Verdict.Unreadable, Assert.Single(answers, a => a.Cache == later.Cache).Verdict);
    }
}
