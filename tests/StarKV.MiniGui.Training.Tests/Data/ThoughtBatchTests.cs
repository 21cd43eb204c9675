using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Run;

namespace StarKV.MiniGui.Training.Tests.Data;

/// <summary>Thoughts are learned and aligned as actions are; unseen samples are judged by actions.</summary>
public sealed class ThoughtBatchTests
{
    [Theory]
    [InlineData("single")]
    [InlineData("first")]
    [InlineData("last")]
    public void Thoughts_are_targets_and_are_aligned(string form) => TrainingThread.Run(() =>
    {
        var pack = Tiny.Packer.Make(Tiny.Sample(3, form, new SampleOptions { Thoughts = true, Drill = true, Questions = 4 }));
        using var batch = Tiny.Batch([pack], align: 5);
        var device = batch.To(Tiny.Cpu.Device);
        Assert.Equal(pack.Answers.Sum(a => a.Length), batch.Targets);

        var longest = pack.Answers.Max(a => a.Thought);
        Assert.Equal(Batch.MaxAligned + longest, device.AlignAnswers.shape[1]);
        var aligned = device.AlignCounts.sum(1).data<long>().ToArray();
        var possible = pack.Answers.Where(a => a.Question.Kind is not TaskKind.List).Select(a => (long)Math.Min(a.Length, a.Thought + Batch.MaxAligned)).ToList();
        Assert.All(aligned, n => Assert.Contains(n, possible));
        Assert.All(aligned, n => Assert.True(n > Batch.MaxAligned));
    });

    [Fact]
    public void Without_thoughts_the_alignment_looks_at_14_tokens() => TrainingThread.Run(() =>
    {
        using var batch = Tiny.Batch([Tiny.Packer.Make(Tiny.Sample(3, "single"))], align: 5);
        Assert.Equal(14, batch.To(Tiny.Cpu.Device).AlignAnswers.shape[1]);
    });

    [Fact]
    public void A_wrong_thought_before_a_right_action_is_right_and_a_wrong_action_is_not() => TrainingThread.Run(() =>
    {
        using var heldOut = new HeldOutBatches(Tiny.Packer, Tiny.Targets, Tiny.Tokenizer, 2000, 1, false, thoughts: true);
        var zero = (long)Tiny.Tokenizer.Encode("zebra")[0];
        var rightActions = heldOut.Measure(batch => Written(batch, (i, a, right) => i < a.Thought ? zero : right));
        Assert.NotEmpty(rightActions);
        Assert.All(rightActions.Values, accuracy => Assert.Equal((1.0, 1.0), (accuracy.Exact, accuracy.Right)));
        var rightThoughts = heldOut.Measure(batch => Written(batch, (i, a, right) => i < a.Thought ? right : zero));
        Assert.All(rightThoughts.Values, accuracy => Assert.Equal((0.0, 0.0), (accuracy.Exact, accuracy.Right)));
    });

    private static long[] Written(Batch batch, Func<int, PackedAnswer, long, long> write) =>
    [
        .. from pack in batch.Packs from answer in pack.Answers from i in Enumerable.Range(0, answer.Length)
           select write(i, answer, pack.Ids[answer.Start + i]),
    ];
}
